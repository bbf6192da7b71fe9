#include "tls/messages/read_lists.hpp"

namespace tlspeel::tls {
namespace {

template <class ReadNumber>
event::CodePoints read_list(Reader& from, Reader& list, std::size_t number_size, Namer name,
                            ReadNumber read_number) {
  event::CodePoints values;
  values.reserve(list.remaining() / number_size);
  while (!list.empty()) {
    const std::uint32_t value = read_number(list);
    if (list.ok()) values.push_back(name(value));
  }
  from.absorb(list);
  return values;
}

}  // namespace

event::CodePoints read_u8_list(Reader& from, Reader list, Namer name) {
  return read_list(from, list, 1, name, [](Reader& r) { return std::uint32_t{r.u8()}; });
}

event::CodePoints read_u16_list(Reader& from, Reader list, Namer name) {
  return read_list(from, list, 2, name, [](Reader& r) { return std::uint32_t{r.u16()}; });
}

event::CodePoints read_u24_list(Reader& from, Reader list, Namer name) {
  return read_list(from, list, 3, name, [](Reader& r) { return r.u24(); });
}

std::vector<std::string> read_text8_list(Reader& from, Reader list) {
  std::vector<std::string> values;
  while (!list.empty()) {
    const ByteView text = list.vector8();
    if (list.ok() && text.empty()) list.fail("empty name in a list of names");
    if (list.ok()) values.emplace_back(as_text(text));
  }
  from.absorb(list);
  return values;
}

}  // namespace tlspeel::tls
