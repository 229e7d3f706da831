#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hashprice::service::http {

/// Metrics in Prometheus' text format 0.0.4.
///
///   why ours  Debian's prometheus-cpp 1.0.1 writes 16 digits (values would not round-trip), leaves
///             HELP unescaped, and its -dev package brings a second HTTP server; most of our
///             figures are read from the database at scrape time and need a writer, not a store
///   source    prometheus.io/docs/instrumenting/exposition_formats

using Labels = std::vector<std::pair<std::string, std::string>>;
using LabelViews = std::initializer_list<std::pair<std::string_view, std::string_view>>;

enum class MetricType { counter, gauge, histogram };

/// Writes families one after the other: `family` once, then its samples.
///
///   threads  one thread
class Exposition {
public:
    void family(std::string_view name, MetricType type, std::string_view help);
    void sample(double value, LabelViews labels = {});  ///< of the newest family
    void sample(double value, const Labels& labels, std::string_view suffix = {});
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void line(std::string_view suffix, double value);
    void label(std::string_view name, std::string_view value);
    std::string text_;
    std::string name_;
    std::string labels_;
};

/// Only grows.    threads  thread-safe, lock-free
class Counter {
public:
    void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// Goes up and down.    threads  thread-safe, lock-free
class Gauge {
public:
    void set(double value) { value_.store(value, std::memory_order_relaxed); }
    void add(double amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
    [[nodiscard]] double value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<double> value_{0};
};

/// Counts per upper bound.    threads  thread-safe, lock-free
class Histogram {
public:
    explicit Histogram(std::vector<double> bounds);  ///< ascending, without +Inf
    void observe(double value);
    void write(Exposition& out, const Labels& labels) const;
    /// From 100 us to 10 s: what a request or a fetch takes.
    static std::vector<double> durations_s();

private:
    std::vector<double> bounds_;
    std::vector<std::atomic<std::uint64_t>> counts_;  // one more than bounds: above the last
    std::atomic<double> sum_{0};
};

/// Holds what the process counts itself, and asks collectors for what is read at scrape time.
///
///   owns     every metric handed out; references stay good as long as the Registry lives
///   threads  thread-safe
class Registry {
public:
    /// The same name and labels again give the same metric; another type or help is a bug: throws.
    Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
    Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
    Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                         Labels labels = {});
    /// `collect` runs at every scrape, on the scraping thread.
    void add_collector(std::function<void(Exposition&)> collect);

    [[nodiscard]] std::string text() const;
    static constexpr std::string_view kMediaType = "text/plain; version=0.0.4; charset=utf-8";

private:
    struct Metric {
        Labels labels;
        std::unique_ptr<Counter> counter;
        std::unique_ptr<Gauge> gauge;
        std::unique_ptr<Histogram> histogram;
    };
    struct Family {
        std::string name;
        std::string help;
        MetricType type{};
        std::deque<Metric> metrics;
    };
    Metric& metric(std::string_view name, std::string_view help, MetricType type, Labels labels);

    mutable std::mutex m_;
    std::deque<Family> families_;                               // guarded by m_
    std::vector<std::function<void(Exposition&)>> collectors_;  // guarded by m_
};

}  // namespace hashprice::service::http
