// The example in C++: handles that close themselves, errors as exceptions, two sessions on one model at
// once. `detect MODEL WIDTH HEIGHT FRAME…` takes raw frames of rgb24, each in a file of its own, and prints
// `frame label probability x y width height` in pixels.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "edgedetr.h"

namespace {

void check(std::int32_t code, const edgedetr_error &error) {
  if (code != EDGEDETR_OK) throw std::runtime_error(error.message);
}

struct Release {
  void operator()(edgedetr_model *model) const { edgedetr_model_close(model); }
  void operator()(edgedetr_session *session) const { edgedetr_session_close(session); }
  void operator()(void *memory) const { std::free(memory); }
};

using Model = std::unique_ptr<edgedetr_model, Release>;

Model open_model(const char *path) {
  edgedetr_error error;
  edgedetr_model *model = nullptr;
  check(edgedetr_model_open(path, &model, &error), error);
  return Model(model);
}

class Detector {
 public:
  Detector(const Model &model, const edgedetr_options &options) {
    edgedetr_error error;
    std::size_t size = 0;
    check(edgedetr_arena_size(model.get(), &options, &size, &error), error);
    const std::size_t unit = EDGEDETR_ARENA_ALIGNMENT;
    arena_.reset(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
    if (!arena_) throw std::bad_alloc();
    edgedetr_session *session = nullptr;
    check(edgedetr_session_open(model.get(), &options, arena_.get(), size, &session, &error), error);
    session_.reset(session);
  }

  std::vector<edgedetr_detection> detect(const std::vector<std::uint8_t> &pixels) {
    edgedetr_error error;
    edgedetr_frame frame = {{pixels.data(), nullptr}, {pixels.size(), 0}};
    check(edgedetr_run(session_.get(), &frame, &error), error);
    const edgedetr_detection *found = nullptr;
    const std::size_t count = edgedetr_detections(session_.get(), &found);
    return std::vector<edgedetr_detection>(found, found + count);
  }

 private:
  // Closed in the reverse order: the session before its memory.
  std::unique_ptr<void, Release> arena_;
  std::unique_ptr<edgedetr_session, Release> session_;
};

std::vector<std::uint8_t> read(const char *path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(std::string(path) + ": cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char **argv) try {
  if (argc < 5) {
    std::fputs("usage: detect MODEL WIDTH HEIGHT FRAME...\n", stderr);
    return 2;
  }
  const Model model = open_model(argv[1]);
  edgedetr_options options = {};
  options.api_version = EDGEDETR_API_VERSION;
  options.format = EDGEDETR_RGB24;
  options.width = static_cast<std::uint32_t>(std::stoul(argv[2]));
  options.height = static_cast<std::uint32_t>(std::stoul(argv[3]));
  options.threads = 1;

  const std::size_t frames = static_cast<std::size_t>(argc - 4);
  std::vector<std::vector<edgedetr_detection>> results(frames);
  std::vector<std::string> failures(2);
  // Even frames on one thread, odd ones on the other, each with a session of its own.
  auto work = [&](std::size_t part) {
    try {
      Detector detector(model, options);
      for (std::size_t frame = part; frame < frames; frame += 2) {
        results[frame] = detector.detect(read(argv[4 + frame]));
      }
    } catch (const std::exception &failure) {
      failures[part] = failure.what();
    }
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  for (const std::string &failure : failures) {
    if (!failure.empty()) throw std::runtime_error(failure);
  }

  for (std::size_t frame = 0; frame < frames; frame++) {
    for (const edgedetr_detection &found : results[frame]) {
      char label[64] = "";
      edgedetr_label(model.get(), found.label, label, sizeof label);
      std::printf("%zu\t%s\t%.6f\t%.3f\t%.3f\t%.3f\t%.3f\n", frame, label,
                  static_cast<double>(found.score) / EDGEDETR_SCORE_ONE,
                  static_cast<double>(found.x) / EDGEDETR_PIXEL_ONE,
                  static_cast<double>(found.y) / EDGEDETR_PIXEL_ONE,
                  static_cast<double>(found.width) / EDGEDETR_PIXEL_ONE,
                  static_cast<double>(found.height) / EDGEDETR_PIXEL_ONE);
    }
  }
  return 0;
} catch (const std::exception &failure) {
  std::fprintf(stderr, "detect: %s\n", failure.what());
  return 3;
}
