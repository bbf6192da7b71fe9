// A value that most of its owners do not need most of the time: made when it is first used, and no larger
// than a pointer until then. For the state of connections, which are many and mostly idle. Movable; not
// thread safe.
#pragma once

#include <memory>
#include <utility>

namespace tlspeel {

template <class Value>
class OnDemand {
 public:
  bool made() const { return value_ != nullptr; }

  Value& operator*() { return value_ ? *value_ : *(value_ = std::make_unique<Value>()); }
  Value* operator->() { return &**this; }
  // Of a constant one only where it was made.
  const Value& operator*() const { return *value_; }
  const Value* operator->() const { return value_.get(); }

  // Its value, which is gone afterwards.
  Value take() {
    Value out = std::move(**this);
    value_.reset();
    return out;
  }
  void reset() { value_.reset(); }

 private:
  std::unique_ptr<Value> value_;
};

}  // namespace tlspeel
