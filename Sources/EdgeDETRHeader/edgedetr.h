/* edgedetr: int8 DETR and Deformable DETR for small processors, on integers only.
 *
 *     edgedetr_error error;
 *     edgedetr_model *model;
 *     if (edgedetr_model_open("street.edetr", &model, &error)) { fputs(error.message, stderr); exit(1); }
 *     edgedetr_options options = {EDGEDETR_API_VERSION, EDGEDETR_NV12, 640, 480, {0, 0}, 4, NULL};
 *     size_t size;
 *     if (edgedetr_arena_size(model, &options, &size, &error)) ...
 *     void *arena = aligned_alloc(EDGEDETR_ARENA_ALIGNMENT, size);
 *     edgedetr_session *session;
 *     if (edgedetr_session_open(model, &options, arena, size, &session, &error)) ...
 *     edgedetr_frame frame = {{pixels, pixels + 640 * 480}, {640 * 480, 640 * 240}};
 *     if (edgedetr_run(session, &frame, &error)) ...
 *     const edgedetr_detection *found;
 *     size_t count = edgedetr_detections(session, &found);
 *
 * There is no global state. A model may be used by any number of threads at once; a session by one at
 * a time, several sessions at once. Every function that can fail returns a code, EDGEDETR_OK for none, and
 * writes the code and one line of text into `error`, which may be NULL. Outputs are set only on success.
 *
 * Opening a model or a session takes some kilobytes from malloc beside the arena; edgedetr_run takes none.
 * Link with libedgedetr.a, -lpthread and -lm.
 */
#ifndef EDGEDETR_H
#define EDGEDETR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface; a library of another one refuses options of this. */
#define EDGEDETR_API_VERSION 1
/* The boundary on which the memory of a session begins. */
#define EDGEDETR_ARENA_ALIGNMENT 64
/* The boundary on which a model in memory begins. */
#define EDGEDETR_MODEL_ALIGNMENT 64
/* What edgedetr_detection.score is for certainty. */
#define EDGEDETR_SCORE_ONE 1073741824
/* What a coordinate of edgedetr_detection is for one pixel. */
#define EDGEDETR_PIXEL_ONE 65536

enum {
  EDGEDETR_OK = 0,
  EDGEDETR_NULL_POINTER = 1,  /* an argument that must not be NULL is */
  EDGEDETR_API_MISMATCH = 2,  /* the options are of another version of this header */
  EDGEDETR_FILE = 3,          /* the file cannot be read */
  EDGEDETR_MODEL = 4,         /* the bytes are no usable model */
  EDGEDETR_FORMAT = 5,        /* no such pixel format */
  EDGEDETR_FRAME = 6,         /* size, strides or bytes of a frame do not fit */
  EDGEDETR_ARENA = 7,         /* the arena is too small or misaligned */
  EDGEDETR_KERNELS = 8,       /* the processor has no kernels of that name */
  EDGEDETR_THREADS = 9,       /* too few or too many threads, or one could not be started */
  EDGEDETR_SIZE = 10,         /* the model cannot run on frames of this size */
  EDGEDETR_MEMORY = 11        /* the system has no memory */
};

/* How the pixels of a frame lie. Y, Cb and Cr are those of BT.601, Y from 16 to 235. */
enum {
  EDGEDETR_RGB24 = 0,
  EDGEDETR_BGR24 = 1,
  EDGEDETR_RGBA = 2, /* the fourth byte is ignored */
  EDGEDETR_BGRA = 3,
  EDGEDETR_NV12 = 4, /* a plane of Y, then one of Cb and Cr in turn at half the size both ways */
  EDGEDETR_YUYV = 5  /* Y Cb Y Cr */
};

/* Why something failed: one line of UTF-8, cut where it does not fit. */
typedef struct edgedetr_error {
  int32_t code;
  char message[252];
} edgedetr_error;

/* One object: pixels of the frame with 16 fraction bits, probability with 30. */
typedef struct edgedetr_detection {
  int32_t label;
  int32_t score;
  int32_t x; /* left edge */
  int32_t y; /* upper edge */
  int32_t width;
  int32_t height;
} edgedetr_detection;

/* What a session is made for. */
typedef struct edgedetr_options {
  uint32_t api_version; /* EDGEDETR_API_VERSION */
  int32_t format;       /* EDGEDETR_RGB24 ... */
  uint32_t width;       /* pixels, 1 to 32767 */
  uint32_t height;
  size_t strides[2];    /* bytes from row to row of each plane; 0 for rows without padding */
  uint32_t threads;     /* that compute, the caller's included, 1 to 256 */
  const char *kernels;  /* "scalar", "avx2", "neon" ...; NULL for the best that the processor runs */
} edgedetr_options;

/* A frame: its planes, and how many bytes of each may be read. The second is for NV12 only. */
typedef struct edgedetr_frame {
  const uint8_t *planes[2];
  size_t sizes[2];
} edgedetr_frame;

typedef struct edgedetr_model edgedetr_model;
typedef struct edgedetr_session edgedetr_session;

/* EDGEDETR_API_VERSION of the library. */
uint32_t edgedetr_api_version(void);

/* Maps a model file. */
int32_t edgedetr_model_open(const char *path, edgedetr_model **model, edgedetr_error *error);

/* Uses a model in memory, in place: the bytes begin on EDGEDETR_MODEL_ALIGNMENT, and must stay and not
 * change until the model and all its sessions are closed. */
int32_t edgedetr_model_from_memory(const void *bytes, size_t size, edgedetr_model **model,
                                   edgedetr_error *error);

/* Closes a model; sessions on it go on. NULL is allowed. */
void edgedetr_model_close(edgedetr_model *model);

/* The number of classes that have names; 0 for NULL. */
int32_t edgedetr_label_count(const edgedetr_model *model);

/* Writes the name of a class and a zero byte, cut to `size` bytes, as snprintf does.
 * Returns the bytes of the whole name, 0 where there is none. */
size_t edgedetr_label(const edgedetr_model *model, int32_t label, char *buffer, size_t size);

/* The bytes that a session needs. */
int32_t edgedetr_arena_size(const edgedetr_model *model, const edgedetr_options *options,
                            size_t *size, edgedetr_error *error);

/* Makes a session in memory of the caller's, which stays the session's until that is closed. */
int32_t edgedetr_session_open(const edgedetr_model *model, const edgedetr_options *options,
                              void *arena, size_t size, edgedetr_session **session,
                              edgedetr_error *error);

/* Ends a session and its threads; the arena is the caller's again. NULL is allowed. */
void edgedetr_session_close(edgedetr_session *session);

/* Detects in a frame. Allocates nothing. */
int32_t edgedetr_run(edgedetr_session *session, const edgedetr_frame *frame, edgedetr_error *error);

/* What the last run found: every detection of the model, the best first, or for a softmax over classes
 * in the order of the queries. The memory is the session's, until the next run. Returns their number, 0
 * before the first run and for NULL. */
size_t edgedetr_detections(const edgedetr_session *session, const edgedetr_detection **detections);

#ifdef __cplusplus
}
#endif

#endif
