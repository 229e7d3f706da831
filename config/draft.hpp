#pragma once
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/key.hpp"
#include "config/origin.hpp"

/// The settings while the layers are put on each other: a value and its origin per key.
namespace hashprice::config {

struct Slot {
    const Key* key = nullptr;
    std::optional<Value> value;
    Origin origin;
    std::optional<Secret> secret;
    Origin secret_origin;
    [[nodiscard]] bool was_set() const { return origin.layer != Origin::Layer::built_in; }
};

/// One table of the file.
struct Draft {
    const Section* section = nullptr;
    std::string name;       ///< of one of many
    Origin origin;          ///< where the table begins
    bool built_in = false;  ///< it stands without the operator's doing
    std::vector<Slot> slots;

    explicit Draft(const Section& of);
    [[nodiscard]] Slot& slot(const Key& key);
    [[nodiscard]] const Slot& slot(std::string_view key) const;
    [[nodiscard]] const std::string* text(std::string_view key) const;  ///< nullptr: not set
    /// "[http] ", "[[source]] 'mempool': " for a message.
    [[nodiscard]] std::string label() const;
};

/// All tables: singles, the built-in ones of many, then those of the operator in his order.
class Drafts {
public:
    Drafts();
    [[nodiscard]] Draft& single(const Section& section);
    /// By name as environment variables spell it ("HALL_A"), or as it is written.
    [[nodiscard]] Draft* find(const Section& section, std::string_view name);
    Draft& append(const Section& section, std::string name, Origin origin);
    [[nodiscard]] std::list<Draft>& all() { return drafts_; }
    [[nodiscard]] const std::list<Draft>& all() const { return drafts_; }
    [[nodiscard]] std::vector<const Draft*> of(std::string_view section) const;
    [[nodiscard]] Settings settings() const;

private:
    void append_built_in(const Section& section, const Settings& one);
    std::list<Draft> drafts_;  // a list: references stay valid
};

/// "hall-a" -> "HALL_A": two names that agree in this are the same name.
std::string environment_form(std::string_view name);

}  // namespace hashprice::config
