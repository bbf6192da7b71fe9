// One lambda per alternative of a variant, for std::visit.
#pragma once

namespace tlspeel::output {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace tlspeel::output
