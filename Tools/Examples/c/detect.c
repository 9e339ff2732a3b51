/* Detects in one raw frame: detect MODEL FORMAT WIDTH HEIGHT THREADS FRAME
 * prints `label score x y width height` of every detection, as the exact integers of edgedetr.h. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edgedetr.h"

static const char *const formats[] = {"rgb24", "bgr24", "rgba", "bgra", "nv12", "yuyv"};

static void *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    return NULL;
  }
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  void *bytes = malloc(*size ? *size : 1);
  if (!bytes || fread(bytes, 1, *size, file) != *size) {
    perror(path);
    free(bytes);
    bytes = NULL;
  }
  fclose(file);
  return bytes;
}

int main(int argc, char **argv) {
  if (argc != 7) {
    fputs("usage: detect MODEL FORMAT WIDTH HEIGHT THREADS FRAME\n", stderr);
    return 2;
  }
  edgedetr_options options;
  memset(&options, 0, sizeof options);
  options.api_version = EDGEDETR_API_VERSION;
  options.format = -1;
  for (int format = 0; format < 6; format++) {
    if (!strcmp(argv[2], formats[format])) options.format = format;
  }
  options.width = (uint32_t)strtoul(argv[3], NULL, 10);
  options.height = (uint32_t)strtoul(argv[4], NULL, 10);
  options.threads = (uint32_t)strtoul(argv[5], NULL, 10);

  edgedetr_error error;
  edgedetr_model *model = NULL;
  edgedetr_session *session = NULL;
  void *arena = NULL;
  uint8_t *pixels = NULL;
  int result = 3;
  size_t arena_size, frame_size;
  if (edgedetr_model_open(argv[1], &model, &error)) goto failed;
  if (edgedetr_arena_size(model, &options, &arena_size, &error)) goto failed;

  /* aligned_alloc wants a multiple of the boundary. */
  arena = aligned_alloc(EDGEDETR_ARENA_ALIGNMENT,
                        (arena_size + EDGEDETR_ARENA_ALIGNMENT - 1) / EDGEDETR_ARENA_ALIGNMENT *
                            EDGEDETR_ARENA_ALIGNMENT);
  pixels = read_file(argv[6], &frame_size);
  if (!arena || !pixels) goto done;
  if (edgedetr_session_open(model, &options, arena, arena_size, &session, &error)) goto failed;

  edgedetr_frame frame = {{pixels, NULL}, {frame_size, 0}};
  if (options.format == EDGEDETR_NV12) {
    size_t luma = (size_t)options.width * options.height;
    if (luma > frame_size) luma = frame_size;
    frame.planes[1] = pixels + luma;
    frame.sizes[0] = luma;
    frame.sizes[1] = frame_size - luma;
  }
  if (edgedetr_run(session, &frame, &error)) goto failed;

  const edgedetr_detection *found;
  size_t count = edgedetr_detections(session, &found);
  for (size_t index = 0; index < count; index++) {
    char label[64];
    if (!edgedetr_label(model, found[index].label, label, sizeof label)) {
      snprintf(label, sizeof label, "class %d", (int)found[index].label);
    }
    printf("%s\t%d\t%d\t%d\t%d\t%d\n", label, (int)found[index].score, (int)found[index].x,
           (int)found[index].y, (int)found[index].width, (int)found[index].height);
  }
  result = 0;
  goto done;

failed:
  fprintf(stderr, "detect: %s\n", error.message);
done:
  edgedetr_session_close(session);
  edgedetr_model_close(model);
  free(arena);
  free(pixels);
  return result;
}
