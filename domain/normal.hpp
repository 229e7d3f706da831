#pragma once

/// The normal distribution's figures that more than one room needs.
namespace hashprice::domain {

/// Its 97.5 % point: so many standard errors to either side hold 95 %.
constexpr double kZ95 = 1.959963984540054;

}  // namespace hashprice::domain
