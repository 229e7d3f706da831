#include "service/http/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace hashprice::service::http {
namespace {

std::string_view type_name(MetricType type) {
    switch (type) {
        case MetricType::counter:
            return "counter";
        case MetricType::gauge:
            return "gauge";
        case MetricType::histogram:
            return "histogram";
    }
    return "untyped";
}

void append_escaped(std::string& out, std::string_view text, bool quotes) {
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || (quotes && c == '"')) out += '\\';
        out += c;
    }
}

/// Shortest text that reads back as the same double, in any locale.
void append_number(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "NaN";
    } else if (std::isinf(value)) {
        out += value > 0 ? "+Inf" : "-Inf";
    } else {
        std::array<char, 32> digits{};
        char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        out.append(digits.data(), end);
    }
}

}  // namespace

void Exposition::family(std::string_view name, MetricType type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ");
    append_escaped(text_, help, false);
    text_.append("\n# TYPE ").append(name).append(" ").append(type_name(type)).append("\n");
}

void Exposition::label(std::string_view name, std::string_view value) {
    labels_ += labels_.empty() ? '{' : ',';
    labels_.append(name).append("=\"");
    append_escaped(labels_, value, true);
    labels_ += '"';
}

void Exposition::line(std::string_view suffix, double value) {
    text_.append(name_).append(suffix).append(labels_);
    if (!labels_.empty()) text_ += '}';
    text_ += ' ';
    append_number(text_, value);
    text_ += '\n';
}

void Exposition::sample(double value, LabelViews labels) {
    labels_.clear();
    for (const auto& [name, text] : labels) label(name, text);
    line({}, value);
}

void Exposition::sample(double value, const Labels& labels, std::string_view suffix) {
    labels_.clear();
    for (const auto& [name, text] : labels) label(name, text);
    line(suffix, value);
}

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::observe(double value) {
    const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
    const auto index = static_cast<std::size_t>(bound - bounds_.begin());
    counts_[index].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

void Histogram::write(Exposition& out, const Labels& labels) const {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        total += counts_[i].load(std::memory_order_relaxed);
        std::string bound;
        append_number(bound, i < bounds_.size() ? bounds_[i] : HUGE_VAL);
        Labels with_bound = labels;
        with_bound.emplace_back("le", std::move(bound));
        out.sample(static_cast<double>(total), with_bound, "_bucket");
    }
    out.sample(sum_.load(std::memory_order_relaxed), labels, "_sum");
    out.sample(static_cast<double>(total), labels, "_count");
}

std::vector<double> Histogram::durations_s() {
    return {0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10};
}

Registry::Metric& Registry::metric(std::string_view name, std::string_view help, MetricType type,
                                   Labels labels) {
    const auto named = [name](const Family& family) { return family.name == name; };
    auto family = std::find_if(families_.begin(), families_.end(), named);
    if (family == families_.end()) {
        families_.push_back({std::string(name), std::string(help), type, {}});
        family = std::prev(families_.end());
    }
    if (family->type != type || family->help != help) {
        throw std::logic_error("metric " + std::string(name) + " is declared in two ways");
    }
    const auto same = [&labels](const Metric& metric) { return metric.labels == labels; };
    auto found = std::find_if(family->metrics.begin(), family->metrics.end(), same);
    if (found != family->metrics.end()) return *found;
    family->metrics.push_back({std::move(labels), nullptr, nullptr, nullptr});
    return family->metrics.back();
}

Counter& Registry::counter(std::string_view name, std::string_view help, Labels labels) {
    const std::lock_guard lock(m_);
    auto& slot = metric(name, help, MetricType::counter, std::move(labels)).counter;
    if (!slot) slot = std::make_unique<Counter>();
    return *slot;
}

Gauge& Registry::gauge(std::string_view name, std::string_view help, Labels labels) {
    const std::lock_guard lock(m_);
    auto& slot = metric(name, help, MetricType::gauge, std::move(labels)).gauge;
    if (!slot) slot = std::make_unique<Gauge>();
    return *slot;
}

Histogram& Registry::histogram(std::string_view name, std::string_view help,
                               std::vector<double> bounds, Labels labels) {
    const std::lock_guard lock(m_);
    auto& slot = metric(name, help, MetricType::histogram, std::move(labels)).histogram;
    if (!slot) slot = std::make_unique<Histogram>(std::move(bounds));
    return *slot;
}

void Registry::add_collector(std::function<void(Exposition&)> collect) {
    const std::lock_guard lock(m_);
    collectors_.push_back(std::move(collect));
}

std::string Registry::text() const {
    Exposition out;
    std::vector<std::function<void(Exposition&)>> collectors;
    {
        const std::lock_guard lock(m_);
        for (const Family& family : families_) {
            out.family(family.name, family.type, family.help);
            for (const Metric& metric : family.metrics) {
                if (metric.counter) {
                    out.sample(static_cast<double>(metric.counter->value()), metric.labels);
                }
                if (metric.gauge) out.sample(metric.gauge->value(), metric.labels);
                if (metric.histogram) metric.histogram->write(out, metric.labels);
            }
        }
        collectors = collectors_;
    }
    for (const auto& collect : collectors) collect(out);
    return out.take();
}

}  // namespace hashprice::service::http
