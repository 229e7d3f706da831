#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "ingest/sources/source.hpp"
#include "ingest/transport/curl_transport.hpp"
#include "tests/support/fake_upstream.hpp"

namespace hashprice::ingest {

/// Sources over real HTTP against the fake upstream, whose present is 2025-07-12T10:00:30Z: eleven
/// hours after the retarget at block 905184, and a day after the peak of that year.
class Fetch : public testing::Test {
protected:
    Fetch() { upstream_.set_now(now_); }

    [[nodiscard]] std::unique_ptr<Source> make(const std::string& kind) const {
        SourceOptions options{.name = kind, .kind = kind, .base_url = upstream_.url("/" + kind)};
        options.rpc_user = "user";
        options.rpc_password = "pass:word/ü";
        return make_source(options).value();
    }
    [[nodiscard]] Visit visit() { return Visit{.http = http_, .now = upstream_.now(), .stop = {}}; }

    domain::UtcSeconds now_ = domain::utc(1'752'314'430);
    fake::FakeUpstream upstream_;
    CurlTransport http_{{}};
};

}  // namespace hashprice::ingest
