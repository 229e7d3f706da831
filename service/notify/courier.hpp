#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "domain/clock.hpp"
#include "domain/rule.hpp"
#include "service/notify/filter.hpp"
#include "service/notify/receiver.hpp"

namespace hashprice::service::notify {

/// Brings one receiver its messages: in order, each until it was received or given up.
///
///   order     a message is written down as received before the next is sent; between the two a
///             crash sends it once more, with the same event id
///   owns      a writing connection. It writes a row for each message, so it heeds no limit of
///             free space: what it does frees some
///   threads   one
///   outlives  receiver and clock must live longer
class Courier {
public:
    struct Options {
        std::string name;
        std::filesystem::path database;
        Filter filter;
        domain::seconds give_up_after{7 * 86400};
        domain::seconds repeat_interval{0};  ///< 0: an episode that goes on is not told again
        std::vector<domain::Rule> rules;     ///< for what is told again
        std::uint64_t seed = 1;              ///< of the jitter
    };
    /// What the log should know: that it fails, once, and that it works again.
    using Say = std::function<void(bool bad, const std::string& what)>;

    Courier(Options options, Receiver& receiver, domain::Clock& clock, Say say);

    /// Everything that is due; returns how long to wait until the next look.
    milliseconds round(const std::stop_token& stop);
    /// Rounds until stopped.
    void run(const std::stop_token& stop);

    [[nodiscard]] const std::string& name() const { return options_.name; }

private:
    Status look(const std::stop_token& stop);
    Status work_off(const std::stop_token& stop);
    Status write_down();
    Result<bool> attempt(const storage::Delivery& delivery, const std::stop_token& stop);
    Status failed(const storage::Delivery& delivery, const Outcome& outcome);
    Status remind();
    Status remind_of(const domain::Episode& episode);
    Status refresh(const std::stop_token& stop);
    void note(const std::string& error);

    Options options_;
    Receiver& receiver_;
    domain::Clock& clock_;
    Say say_;
    std::mt19937_64 random_;
    std::optional<storage::Database> db_;
    std::optional<storage::Delivery> unwritten_;  ///< received, and not yet written down as such
    std::optional<milliseconds> reminded_;        ///< uptime of the last look for reminders
    bool stuck_ = false;                          ///< the database does not play along
    int failures_ = 0;                            ///< in a row
    std::string trouble_;                         ///< empty: it works
};

}  // namespace hashprice::service::notify
