// What std::optional is, in the size of a pointer: for what is large and mostly not there. Not thread safe.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace tlspeel {

template <class Value>
class Boxed {
 public:
  Boxed() = default;
  Boxed(std::nullopt_t /*nothing*/) {}
  Boxed(Value value) : value_(std::make_unique<Value>(std::move(value))) {}
  Boxed(const std::optional<Value>& value) : value_(value ? std::make_unique<Value>(*value) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed&&) noexcept = default;
  Boxed(const Boxed& other) : value_(other ? std::make_unique<Value>(*other) : nullptr) {}
  Boxed& operator=(const Boxed& other) {
    if (this != &other) *this = Boxed(other);
    return *this;
  }
  ~Boxed() = default;

  explicit operator bool() const { return value_ != nullptr; }
  bool has_value() const { return value_ != nullptr; }
  Value* get() { return value_.get(); }  // null: nothing
  const Value* get() const { return value_.get(); }
  Value& operator*() { return *value_; }
  const Value& operator*() const { return *value_; }
  Value* operator->() { return value_.get(); }
  const Value* operator->() const { return value_.get(); }

  template <class... Arguments>
  Value& emplace(Arguments&&... arguments) {
    value_ = std::make_unique<Value>(std::forward<Arguments>(arguments)...);
    return *value_;
  }
  void reset() { value_.reset(); }

  operator std::optional<Value>() const { return value_ ? std::optional<Value>(*value_) : std::nullopt; }

 private:
  std::unique_ptr<Value> value_;
};

}  // namespace tlspeel
