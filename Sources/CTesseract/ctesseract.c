#define _GNU_SOURCE
#include "CTesseract.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The part of Tesseract's capi.h that is used, declared here so that no header has to be installed.
// Signatures: capi.h of 5.3.0; BOOL is int.
typedef struct TessBaseAPI TessBaseAPI;
typedef struct TessResultIterator TessResultIterator;
typedef struct TessPageIterator TessPageIterator;
enum { oem_lstm_only = 1, ril_textline = 2, ril_word = 3, ril_symbol = 4 };

static struct {
  int loaded, complete;
  const char *(*Version)(void);
  void (*DeleteText)(const char *);
  TessBaseAPI *(*Create)(void);
  void (*Delete)(TessBaseAPI *);
  int (*SetVariable)(TessBaseAPI *, const char *, const char *);
  int (*Init2)(TessBaseAPI *, const char *, const char *, int);
  void (*SetPageSegMode)(TessBaseAPI *, int);
  void (*ClearAdaptiveClassifier)(TessBaseAPI *);
  void (*SetImage)(TessBaseAPI *, const unsigned char *, int, int, int, int);
  void (*SetSourceResolution)(TessBaseAPI *, int);
  int (*Recognize)(TessBaseAPI *, void *);
  TessResultIterator *(*GetIterator)(TessBaseAPI *);
  void (*Clear)(TessBaseAPI *);
  void (*End)(TessBaseAPI *);
  void (*IteratorDelete)(TessResultIterator *);
  const TessPageIterator *(*PageIterator)(const TessResultIterator *);
  int (*Next)(TessResultIterator *, int);
  char *(*Text)(const TessResultIterator *, int);
  float (*Confidence)(const TessResultIterator *, int);
  int (*IsAtBeginningOf)(const TessPageIterator *, int);
  int (*BoundingBox)(const TessPageIterator *, int, int *, int *, int *, int *);
  // OpenMP's, where the library was built with it; optional.
  void (*SetMaxActiveLevels)(int);
} tess;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  // OpenMP reads this when it is loaded. Tesseract's threads cost more than they bring on strips,
  // and files are worked on in parallel anyway.
  setenv("OMP_THREAD_LIMIT", "1", 1);
  void *library = dlopen("libtesseract.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return;
  tess.loaded = 1;
  struct {
    const char *name;
    void **slot;
  } functions[] = {
      {"TessVersion", (void **)&tess.Version},
      {"TessDeleteText", (void **)&tess.DeleteText},
      {"TessBaseAPICreate", (void **)&tess.Create},
      {"TessBaseAPIDelete", (void **)&tess.Delete},
      {"TessBaseAPISetVariable", (void **)&tess.SetVariable},
      {"TessBaseAPIInit2", (void **)&tess.Init2},
      {"TessBaseAPISetPageSegMode", (void **)&tess.SetPageSegMode},
      {"TessBaseAPIClearAdaptiveClassifier", (void **)&tess.ClearAdaptiveClassifier},
      {"TessBaseAPISetImage", (void **)&tess.SetImage},
      {"TessBaseAPISetSourceResolution", (void **)&tess.SetSourceResolution},
      {"TessBaseAPIRecognize", (void **)&tess.Recognize},
      {"TessBaseAPIGetIterator", (void **)&tess.GetIterator},
      {"TessBaseAPIClear", (void **)&tess.Clear},
      {"TessBaseAPIEnd", (void **)&tess.End},
      {"TessResultIteratorDelete", (void **)&tess.IteratorDelete},
      {"TessResultIteratorGetPageIteratorConst", (void **)&tess.PageIterator},
      {"TessResultIteratorNext", (void **)&tess.Next},
      {"TessResultIteratorGetUTF8Text", (void **)&tess.Text},
      {"TessResultIteratorConfidence", (void **)&tess.Confidence},
      {"TessPageIteratorIsAtBeginningOf", (void **)&tess.IsAtBeginningOf},
      {"TessPageIteratorBoundingBox", (void **)&tess.BoundingBox},
  };
  tess.complete = 1;
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    *functions[i].slot = dlsym(library, functions[i].name);
    if (!*functions[i].slot)
      tess.complete = 0;
  }
  void *openmp = dlopen("libgomp.so.1", RTLD_NOW | RTLD_NOLOAD);
  if (openmp)
    *(void **)&tess.SetMaxActiveLevels = dlsym(openmp, "omp_set_max_active_levels");
}

static int32_t state(void) {
  pthread_once(&once, load);
  return !tess.loaded ? CTESSERACT_NO_LIBRARY
                      : tess.complete ? CTESSERACT_OK : CTESSERACT_OLD_LIBRARY;
}

const char *ctesseract_version(void) {
  return state() == CTESSERACT_OK ? tess.Version() : NULL;
}

static int has_file(const char *folder, const char *name) {
  char path[PATH_MAX];
  const int length = snprintf(path, sizeof path, "%s/%s.traineddata", folder, name);
  return length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0;
}

// The folder that has the language, or null.
static const char *folder_with(const char *folder, const char *name) {
  static const char *const usual[] = {
      "/usr/share/tesseract-ocr/5/tessdata",
      "/usr/share/tessdata",
      "/usr/local/share/tessdata",
  };
  if (folder)
    return has_file(folder, name) ? folder : NULL;
  const char *set = getenv("TESSDATA_PREFIX");
  if (set && *set)
    return has_file(set, name) ? set : NULL;
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
    if (has_file(usual[i], name))
      return usual[i];
  return NULL;
}

int32_t ctesseract_has_language(const char *folder, const char *name) {
  return folder_with(folder, name) != NULL;
}

struct CTesseractEngine {
  TessBaseAPI *api;
};

int32_t ctesseract_open(const char *folder, const char *const *languages, int32_t count,
                        CTesseractEngine **engine, int32_t *missing) {
  *engine = NULL;
  *missing = 0;
  const int32_t now = state();
  if (now != CTESSERACT_OK)
    return now;
  char list[256] = "";
  const char *found = NULL;
  for (int32_t i = 0; i < count; i++) {
    // All languages must lie in one folder, that of the first.
    const char *here = folder_with(found ? found : folder, languages[i]);
    if (!here) {
      *missing = i;
      return CTESSERACT_NO_LANGUAGE;
    }
    found = here;
    if (strlen(list) + strlen(languages[i]) + 2 > sizeof list)
      return CTESSERACT_FAILED;
    if (i)
      strcat(list, "+");
    strcat(list, languages[i]);
  }
  if (!found)
    return CTESSERACT_FAILED;
  TessBaseAPI *api = tess.Create();
  if (!api)
    return CTESSERACT_FAILED;
  // The library writes its remarks to standard error otherwise.
  tess.SetVariable(api, "debug_file", "/dev/null");
  if (tess.Init2(api, found, list, oem_lstm_only) != 0) {
    tess.Delete(api);
    return CTESSERACT_FAILED;
  }
  *engine = malloc(sizeof **engine);
  if (!*engine) {
    tess.End(api);
    tess.Delete(api);
    return CTESSERACT_FAILED;
  }
  (*engine)->api = api;
  return CTESSERACT_OK;
}

static int32_t collect(TessResultIterator *iterator, CTesseractSymbol *symbols, int32_t most) {
  const TessPageIterator *page = tess.PageIterator(iterator);
  int32_t count = 0;
  // The starts of a line or word whose first symbol is empty go to the next one.
  int line = 0, word = 0;
  do {
    line |= tess.IsAtBeginningOf(page, ril_textline);
    word |= tess.IsAtBeginningOf(page, ril_word);
    char *text = tess.Text(iterator, ril_symbol);
    if (!text)
      continue;
    const size_t length = strlen(text);
    CTesseractSymbol *symbol = &symbols[count];
    if (count < most && length > 0 && length <= sizeof symbol->text) {
      memset(symbol, 0, sizeof *symbol);
      memcpy(symbol->text, text, length);
      symbol->length = (uint8_t)length;
      symbol->confidence = tess.Confidence(iterator, ril_symbol);
      symbol->starts_line = line != 0;
      symbol->starts_word = word != 0;
      tess.BoundingBox(page, ril_symbol, &symbol->left, &symbol->top, &symbol->right,
                       &symbol->bottom);
      line = word = 0;
      count++;
    }
    tess.DeleteText(text);
  } while (count < most && tess.Next(iterator, ril_symbol));
  return count;
}

int32_t ctesseract_read(CTesseractEngine *engine, const uint8_t *pixels, int32_t width,
                        int32_t height, int32_t mode, CTesseractSymbol *symbols, int32_t most) {
  if (!engine || width < 1 || height < 1 || most < 1)
    return -1;
  // Where OpenMP was loaded before us it has not seen the limit; this is kept per thread. Tesseract
  // asks for a number of threads of its own, which only a limit of nesting overrules.
  if (tess.SetMaxActiveLevels)
    tess.SetMaxActiveLevels(0);
  TessBaseAPI *api = engine->api;
  tess.SetPageSegMode(api, mode);
  tess.SetImage(api, pixels, width, height, 1, width);
  // Only silences a guess; lines are scaled to the network's height anyway.
  tess.SetSourceResolution(api, 300);
  int32_t count = -1;
  if (tess.Recognize(api, NULL) == 0) {
    TessResultIterator *iterator = tess.GetIterator(api);
    count = 0;
    if (iterator) {
      count = collect(iterator, symbols, most);
      tess.IteratorDelete(iterator);
    }
  }
  tess.Clear(api);
  tess.ClearAdaptiveClassifier(api);
  return count;
}

void ctesseract_close(CTesseractEngine *engine) {
  if (!engine)
    return;
  tess.End(engine->api);
  tess.Delete(engine->api);
  free(engine);
}
