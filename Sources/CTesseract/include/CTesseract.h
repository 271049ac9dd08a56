// Tesseract 5 behind a flat C face, loaded at run time: the program starts and works without it.
// No function throws. An engine belongs to one thread at a time.
#ifndef CTESSERACT_H
#define CTESSERACT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CTesseractEngine CTesseractEngine;

// Why there is no engine, or no text.
enum {
  CTESSERACT_OK = 0,
  CTESSERACT_NO_LIBRARY = 1,  // libtesseract.so.5 cannot be loaded
  CTESSERACT_OLD_LIBRARY = 2, // it lacks a function that is needed
  CTESSERACT_NO_LANGUAGE = 3, // a .traineddata file is missing
  CTESSERACT_FAILED = 4,      // the library refused
};

// One character that was read.
typedef struct {
  float confidence;                 // 0...100
  int32_t left, top, right, bottom; // pixels of the input
  uint8_t starts_word, starts_line;
  uint8_t length;   // bytes of `text`
  char text[21];    // UTF-8, not terminated
} CTesseractSymbol;

// The version of the library, such as "5.3.0", or null where it cannot be loaded.
const char *ctesseract_version(void);

// Whether the language file `name`.traineddata can be read in `folder`, or where `folder` is null
// in TESSDATA_PREFIX or the usual places. Returns 1 or 0.
int32_t ctesseract_has_language(const char *folder, const char *name);

// Opens an engine for `count` languages. On CTESSERACT_NO_LANGUAGE `missing` has the index of the
// first one without a file.
int32_t ctesseract_open(const char *folder, const char *const *languages, int32_t count,
                        CTesseractEngine **engine, int32_t *missing);

// Reads a tight 8-bit plane, dark on light or light on dark. `mode` is Tesseract's page
// segmentation mode. Writes at most `most` symbols in reading order.
// Returns how many were written, or -1. The result does not depend on earlier calls.
int32_t ctesseract_read(CTesseractEngine *engine, const uint8_t *pixels, int32_t width,
                        int32_t height, int32_t mode, CTesseractSymbol *symbols, int32_t most);

// Closes an engine; null is allowed.
void ctesseract_close(CTesseractEngine *engine);

#ifdef __cplusplus
}
#endif

#endif
