#pragma once
// Private to storage/: a message as statements read it.
#include "storage/connection.hpp"
#include "storage/outbox.hpp"

#define HP_MESSAGE                                                                         \
    "m.id, m.event, m.kind, m.subject, m.rule, m.change, m.severity, m.goes_out, m.at_s, " \
    "m.recorded_at_s, m.sentence, m.body"

namespace hashprice::storage {

constexpr int kMessageColumns = 12;
/// The columns of HP_MESSAGE, from column `at` on.
Message message_of(Statement& row, int at);

}  // namespace hashprice::storage
