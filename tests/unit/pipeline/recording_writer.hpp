// Writers for tests: everything as JSON Lines in a string, so that two runs can be compared byte for byte.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "tlspeel/output/formats.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::pipeline {

class StringSink final : public output::ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  void flush() override {}

  std::string text;
};

class RecordingWriter final : public output::Writer {
 public:
  RecordingWriter() : json_(output::find_format("json")->make(output::TextOptions{}, sink_)) {}

  void write(const event::Placed& placed) override {
    ++events;
    json_->write(placed);
  }
  void flush() override {
    json_->flush();
    ++flushes;
  }
  void finish() override { json_->finish(); }
  const std::string& text() const { return sink_.text; }

  std::atomic<int> events{0};
  std::atomic<int> flushes{0};

 private:
  StringSink sink_;
  std::unique_ptr<output::Writer> json_;
};

}  // namespace tlspeel::pipeline
