// A doubly linked list through its elements, for keeping connections in order of last activity without
// allocating. Elements are not owned; an element is in at most one list and must be removed before it dies.
#pragma once

namespace tlspeel::tcp {

template <class T>
struct ActivityLink {
  T* previous = nullptr;
  T* next = nullptr;
};

template <class T>
class ActivityList {
 public:
  T* front() const { return front_; }
  T* back() const { return back_; }

  void push_back(T& element) {
    element.previous = back_;
    element.next = nullptr;
    (back_ != nullptr ? back_->next : front_) = &element;
    back_ = &element;
  }

  void remove(T& element) {
    (element.previous != nullptr ? element.previous->next : front_) = element.next;
    (element.next != nullptr ? element.next->previous : back_) = element.previous;
    element.previous = element.next = nullptr;
  }

 private:
  T* front_ = nullptr;
  T* back_ = nullptr;
};

}  // namespace tlspeel::tcp
