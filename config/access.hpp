#pragma once
#include <type_traits>
#include <utility>

#include "config/key.hpp"

/// How a row of the table reaches its member of Settings. For config/table*.cpp only.
namespace hashprice::config::access {

template <class T>
struct Unwrapped {
    using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
    using type = T;
};

template <class T>
inline constexpr bool kIsQuantity = false;
template <class Tag>
inline constexpr bool kIsQuantity<domain::Quantity<Tag, double>> = true;

template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;

template <class T>
constexpr Type type_of() {
    if constexpr (std::is_same_v<T, bool>) return Type::boolean;
    if constexpr (std::is_same_v<T, std::int64_t>) return Type::integer;
    if constexpr (std::is_same_v<T, double> || kIsQuantity<T>) return Type::number;
    if constexpr (std::is_same_v<T, seconds>) return Type::duration;
    if constexpr (kIsVector<T>) return Type::list;
    return Type::text;
}

template <class T>
Value to_value(const T& member) {
    if constexpr (std::is_enum_v<T>) {
        return std::string(name_of(member));
    } else if constexpr (std::is_same_v<T, Path>) {
        return member.string();
    } else if constexpr (kIsQuantity<T>) {
        return member.value;
    } else {
        return member;
    }
}

template <class T>
T from_value(const Value& value) {
    if constexpr (std::is_enum_v<T>) {
        const auto& text = std::get<std::string>(value);
        std::size_t n = 0;
        while (kChoices<T>[n] != text) ++n;  // checked before: it is one of them
        return static_cast<T>(n);
    } else if constexpr (std::is_same_v<T, Path>) {
        return Path(std::get<std::string>(value));
    } else if constexpr (kIsQuantity<T>) {
        return T{std::get<double>(value)};
    } else {
        return std::get<T>(value);
    }
}

/// Settings::http itself; of Settings::sources the last one.
template <auto Group, class S>
auto& group_of(S& settings) {
    auto& group = settings.*Group;
    if constexpr (kIsVector<std::remove_cvref_t<decltype(group)>>) {
        return group.back();
    } else {
        return group;
    }
}

template <auto Group, auto Member>
using MemberType =
    std::remove_cvref_t<decltype(group_of<Group>(std::declval<Settings&>()).*Member)>;

template <auto Group, auto Member>
std::optional<Value> get(const Settings& settings) {
    using T = MemberType<Group, Member>;
    const T& member = group_of<Group>(settings).*Member;
    if constexpr (std::is_same_v<T, typename Unwrapped<T>::type>) {
        return to_value(member);
    } else {
        return member ? std::optional(to_value(*member)) : std::nullopt;
    }
}

template <auto Group, auto Member>
void set(Settings& settings, const Value& value) {
    using T = typename Unwrapped<MemberType<Group, Member>>::type;
    group_of<Group>(settings).*Member = from_value<T>(value);
}

template <auto Group, auto Member>
void set_secret(Settings& settings, const Secret& secret) {
    group_of<Group>(settings).*Member = secret;
}

template <auto Group>
void add(Settings& settings) {
    (settings.*Group).emplace_back();
}

/// A row of the table while it is being written: row<...>("name", "meaning").between(0, 1)
class Row {
public:
    explicit Row(Key key) : key_(std::move(key)) {}
    Row form(Form form) && {
        return with([&](Key& k) { k.form = form; });
    }
    Row unit(std::string_view unit) && {
        return with([&](Key& k) { k.unit = unit; });
    }
    Row example(std::string_view toml) && {
        return with([&](Key& k) { k.example = toml; });
    }
    Row required() && {
        return with([](Key& k) { k.required = true; });
    }
    Row whole_days() && {
        return with([](Key& k) { k.whole_days = true; });
    }
    Row divides_hour() && {
        return with([](Key& k) { k.divides_hour = true; });
    }
    Row or_zero() && {
        return with([](Key& k) { k.zero_too = true; });
    }
    Row among(std::span<const std::string_view> choices) && {
        return with([&](Key& k) { k.form = Form::choice, k.choices = choices; });
    }
    Row only(std::vector<std::string_view> kinds) && {
        return with([&](Key& k) { k.kinds = std::move(kinds); });
    }
    Row between(double min, double max) && {
        return with([&](Key& k) { k.min = min, k.max = max; });
    }
    Row above(double min, double max) && {
        return with([&](Key& k) { k.min = min, k.max = max, k.above_min = true; });
    }
    Row lasting(seconds min, seconds max) && {
        return std::move(*this).between(static_cast<double>(min.count()),
                                        static_cast<double>(max.count()));
    }
    operator Key() && { return std::move(key_); }  // NOLINT: the end of the sentence

private:
    template <class Change>
    Row with(Change change) {
        change(key_);
        return std::move(*this);
    }
    Key key_;
};

template <auto Group, auto Member>
Row row(std::string_view name, std::string_view meaning) {
    using T = typename Unwrapped<MemberType<Group, Member>>::type;
    Key key{.name = name, .type = type_of<T>(), .meaning = meaning};
    key.get = get<Group, Member>;
    key.set = set<Group, Member>;
    if constexpr (std::is_enum_v<T>) {
        key.form = Form::choice;
        key.choices = kChoices<T>;
    }
    if constexpr (std::is_same_v<T, Path>) key.form = Form::path;
    return Row(std::move(key));
}

/// A path whose file holds the secret `bare`.
template <auto Group, auto File, auto Content>
Row secret_row(std::string_view name, std::string_view bare, std::string_view meaning) {
    Key key = row<Group, File>(name, meaning);
    key.form = Form::secret_file;
    key.secret = bare;
    key.set_secret = set_secret<Group, Content>;
    return Row(std::move(key));
}

}  // namespace hashprice::config::access
