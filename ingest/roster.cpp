#include "ingest/roster.hpp"

#include <algorithm>
#include <tuple>

namespace hashprice::ingest {
namespace {

using Sources = std::vector<std::unique_ptr<Source>>;

template <class Role>
std::vector<const Source*> those_with(const Sources& sources, Role role) {
    std::vector<const Source*> able;
    for (const auto& source : sources) {
        if (((*source).*role)() != nullptr) able.push_back(source.get());
    }
    return able;
}

}  // namespace

domain::Result<std::unique_ptr<Roster>> Roster::make(std::vector<SourcePlan> plans,
                                                     domain::Clock& clock) {
    std::ranges::stable_sort(plans, [](const SourcePlan& a, const SourcePlan& b) {
        return std::tie(a.priority, a.options.name) < std::tie(b.priority, b.options.name);
    });
    std::unique_ptr<Roster> roster(new Roster(clock));
    for (SourcePlan& plan : plans) {
        if (!plan.enabled) continue;
        auto source = make_source(std::move(plan.options));
        if (!source) return tl::unexpected(source.error());
        roster->budgets_.limit((*source)->base_url(), plan.requests_per_minute);
        roster->sources_.push_back(std::move(*source));
    }
    return roster;
}

const Source* Roster::find(std::string_view name) const {
    const auto found = std::ranges::find_if(
        sources_, [name](const auto& source) { return source->name() == name; });
    return found == sources_.end() ? nullptr : found->get();
}

std::vector<const Source*> Roster::chain() const { return those_with(sources_, &Source::chain); }
std::vector<const Source*> Roster::fees() const { return those_with(sources_, &Source::fees); }
std::vector<const Source*> Roster::price() const { return those_with(sources_, &Source::price); }
std::vector<const Source*> Roster::comparison() const {
    return those_with(sources_, &Source::comparison);
}

}  // namespace hashprice::ingest
