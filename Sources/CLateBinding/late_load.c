#define _GNU_SOURCE
#include "CLateBinding.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static int32_t fail(LateLibrary *library, const char *cause, const char *name) {
  snprintf(library->error, sizeof library->error, "%s cannot be loaded: %s%s", library->name, cause,
           name);
  return -1;
}

// Opens the files and binds the functions; returns the new state.
static int32_t load(LateLibrary *library) {
  void *handles[LATE_MOST_FILES] = {NULL};
  for (int i = 0; i < LATE_MOST_FILES && library->files[i]; i++) {
    // As lazily as the system's loader binds what is linked.
    handles[i] = dlopen(library->files[i], RTLD_LAZY | RTLD_LOCAL);
    if (!handles[i])
      return fail(library, dlerror(), "");
  }
  for (LateFunction *function = library->first; function < library->end; function++) {
    void *address = NULL;
    for (int i = 0; i < LATE_MOST_FILES && handles[i] && !address; i++)
      address = dlsym(handles[i], function->name);
    if (!address)
      return fail(library, "it has no function ", function->name);
    __atomic_store_n(&function->target, address, __ATOMIC_RELEASE);
  }
  return 1;
}

const char *late_load(LateLibrary *library) {
  pthread_mutex_lock(&library->lock);
  if (!library->state)
    library->state = load(library);
  const int32_t state = library->state;
  pthread_mutex_unlock(&library->lock);
  return state == 1 ? NULL : library->error;
}

// Called by late_bind_call; returns with the slot bound, or not at all.
__attribute__((visibility("hidden"))) void late_bind(LateFunction *function);

void late_bind(LateFunction *function) {
  const char *error = late_load(function->library);
  if (!error)
    return;
  fprintf(stderr, "%s: %s\n", program_invocation_short_name, error);
  _exit(127);
}
