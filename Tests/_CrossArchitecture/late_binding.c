// Calls functions of a library that is loaded by the first call, `liblate.so` of the library path,
// and has them called for the first time by many threads at once. With an argument it calls a function
// that the library lacks, which must end the process with status 127.
#include "late_binding.h"

#include "CLateBinding.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

LATE_LIBRARY(Whole, "the test's library", "liblate.so");
LATE_LIBRARY(Lacking, "the lacking library", "liblate.so");

static int is_loaded(void) {
  void *handle = dlopen("liblate.so", RTLD_LAZY | RTLD_NOLOAD);
  if (handle)
    dlclose(handle);
  return handle != NULL;
}

static pthread_barrier_t barrier;

static void *call_all(void *unused) {
  (void)unused;
  long wrong = 0;
  pthread_barrier_wait(&barrier);
  for (int round = 0; round < 1000; round++) {
    wrong += late_many(1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 4, 8, 16, 32, 64, 128, 256, 512) != 285 + 9;
    wrong += late_variadic(4, 1.0, 2.0, 3.0, 4.5) != 58.5;
    late_large given = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};
    const late_large result = late_structure(round, given);
    for (int i = 0; i < 9; i++)
      wrong += result.values[i] != 5 * (i + 1) + round + i;
    const late_vector sum = late_wide((late_vector){1, 2, 3, 4}, (late_vector){5, 6, 7, round});
    wrong += sum[0] != 8 || sum[1] != 12 || sum[2] != 16 || sum[3] != 12 + round;
  }
  return (void *)wrong;
}

int main(int count, char **arguments) {
  (void)arguments;
  if (is_loaded()) {
    fprintf(stderr, "late_binding: the library is there before anything of it was called\n");
    return 1;
  }
  if (count > 1) {
    const char *error = late_load(&Lacking_library);
    if (!error || !strstr(error, "late_nowhere")) {
      fprintf(stderr, "late_binding: nobody says that a function is missing\n");
      return 1;
    }
    late_nowhere();
    return 1;
  }
  enum { THREADS = 8 };
  pthread_t threads[THREADS];
  pthread_barrier_init(&barrier, NULL, THREADS);
  long wrong = 0;
  for (int i = 0; i < THREADS; i++)
    pthread_create(&threads[i], NULL, call_all, NULL);
  for (int i = 0; i < THREADS; i++) {
    void *result = NULL;
    pthread_join(threads[i], &result);
    wrong += (long)result;
  }
  if (wrong || !is_loaded() || late_load(&Whole_library)) {
    fprintf(stderr, "late_binding: %ld results are wrong\n", wrong);
    return 1;
  }
  printf("late_binding %d functions\n", 4);
  return 0;
}
