#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/support/fake_world.hpp"

/// How World reads the files of tests/support/data; each file's first line says what stands in it.
namespace hashprice::fake {
namespace {

/// Calls `line` with each line that is no comment.
template <class Line>
void each_line(const std::filesystem::path& file, const Line& line) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    for (std::string text; std::getline(in, text);) {
        if (text.empty() || text.front() == '#') continue;
        std::istringstream words(text);
        line(words);
        if (words.fail()) throw std::runtime_error("bad line in " + file.string() + ": " + text);
    }
}

/// Whether the line starts with "= "; if so it is read past.
bool is_head(std::istringstream& words) {
    if (words.peek() != '=') return false;
    words.get();
    return true;
}

domain::Bits parse_bits(const std::string& hex) {
    return domain::Bits{static_cast<std::uint32_t>(std::stoul(hex, nullptr, 16))};
}

}  // namespace

void World::read_blocks(const std::filesystem::path& file) {
    std::int64_t height = 0;
    std::int64_t time = 0;
    domain::Bits bits;
    each_line(file, [&](std::istringstream& words) {
        if (is_head(words)) {
            std::string hex;
            words >> height >> time >> hex;
            bits = parse_bits(hex);
            if (blocks_.empty()) first_height_ = height;
            return;
        }
        Raw raw;
        std::int64_t later = 0;
        words >> later >> raw.fees.value >> raw.transactions;
        time += later;
        raw.time = domain::utc(time);
        raw.bits = bits;
        blocks_.resize(static_cast<std::size_t>(height - first_height_));
        blocks_.push_back(raw);
        ++height;
    });
}

void World::read_epochs(const std::filesystem::path& file) {
    each_line(file, [&](std::istringstream& words) {
        domain::Epoch epoch;
        std::int64_t time = 0;
        std::string hex;
        words >> epoch.start_height >> time >> hex;
        epoch.start_time = domain::utc(time);
        epoch.bits = parse_bits(hex);
        epochs_.push_back(epoch);
    });
}

void World::read_hours(const std::filesystem::path& file) {
    each_line(file, [&](std::istringstream& words) {
        if (is_head(words)) {
            std::int64_t time = 0;
            words >> time;
            first_hour_ = domain::utc(time);
            return;
        }
        Hour hour;
        words >> hour.open >> hour.high >> hour.low >> hour.close;
        hours_.push_back(hour);
    });
}

void World::read_days(const std::filesystem::path& file) {
    each_line(file, [&](std::istringstream& words) {
        std::string date;
        std::string fee;
        double close = 0;
        words >> date >> close >> fee;
        const auto day = domain::parse_time(date, {});
        if (!day) throw std::runtime_error(day.error().what);
        if (day_closes_.empty()) first_day_ = day->at;
        const auto index = static_cast<std::size_t>((day->at - first_day_) / domain::kDay);
        day_closes_.resize(index, day_closes_.empty() ? close : day_closes_.back());
        day_closes_.push_back(close);
        if (fee != "-") day_fees_[day->at] = domain::Satoshi{std::stoll(fee)};
    });
}

}  // namespace hashprice::fake
