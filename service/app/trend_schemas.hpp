#pragma once
#include <string>

/// JSON Schemas of the answers about declines and miners; each a whole schema.
namespace hashprice::service::app::schemas {

std::string trend();
std::string decline();  ///< the component Decline, which trend and declines refer to
std::string declines();
std::string attribution();
std::string backtest();
std::string breakeven();
std::string projection();
std::string annotations();

}  // namespace hashprice::service::app::schemas
