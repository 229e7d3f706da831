#include "tests/fuzz/target.hpp"

namespace hashprice::fuzz {

const std::vector<Target>& targets() {
    static const std::vector<Target> all = [] {
        std::vector<Target> every;
        for (auto* group :
             {decoder_targets, text_targets, config_targets, import_targets, http_targets}) {
            for (Target& target : group()) every.push_back(std::move(target));
        }
        return every;
    }();
    return all;
}

}  // namespace hashprice::fuzz
