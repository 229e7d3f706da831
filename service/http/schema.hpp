#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// JSON Schemas in OpenAPI 3.0's dialect, as compact JSON text.
///
///   shape   pure; every function returns a whole schema
///   source  OpenAPI 3.0.3, "Schema Object" (`nullable` instead of a type "null")
namespace hashprice::service::http::schema {

using Fields = std::vector<std::pair<std::string, std::string>>;  ///< name, schema

std::string number(std::string_view description = {});
std::string integer(std::string_view description = {});
std::string text(std::string_view description = {});
std::string boolean(std::string_view description = {});
std::string time_text(std::string_view description = {});  ///< RFC 3339
std::string time_s();                                      ///< unix seconds
std::string one_of_texts(const std::vector<std::string>& choices,
                         std::string_view description = {});
std::string nullable(std::string schema);  ///< of one of the above; of a ref: see below
std::string array(std::string_view items, std::string_view description = {});
/// Every field required, no others allowed.
std::string object(const Fields& fields);
std::string object(std::string_view description, const Fields& fields);
/// The fields of `required` always there, those of `optional` perhaps, no others.
std::string object(const Fields& required, const Fields& optional);
/// An object with any keys, every value of one schema.
std::string map_of(std::string_view values, std::string_view description = {});
std::string ref(std::string_view component);  ///< of ApiInfo::components
/// Beside $ref nothing else counts, so this one wraps it.
std::string nullable_ref(std::string_view component, std::string_view description = {});
std::string anything();

}  // namespace hashprice::service::http::schema
