#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { most_variables = 16 };

// What libraries look at while they are loaded; nothing else of the caller's environment goes on.
static const char *const kept[] = {"LD_LIBRARY_PATH=", "TESSDATA_PREFIX=", "LEAKTRACE_SIMD="};

static void choose_environment(char **chosen) {
  size_t count = 0;
  for (char **variable = environ; variable && *variable; variable++)
    for (size_t i = 0; i < sizeof kept / sizeof *kept && count < most_variables - 3; i++)
      if (strncmp(*variable, kept[i], strlen(kept[i])) == 0)
        chosen[count++] = *variable;
  chosen[count++] = "LC_ALL=C";
  chosen[count++] = "OMP_THREAD_LIMIT=1";
  chosen[count] = NULL;
}

static int prepare(posix_spawn_file_actions_t *actions, int channel, int input) {
  int status = 0;
  for (int stream = 0; stream < 3 && status == 0; stream++)
    status = posix_spawn_file_actions_addopen(actions, stream, "/dev/null",
                                              stream == 0 ? O_RDONLY : O_WRONLY, 0);
  if (status == 0)
    status = posix_spawn_file_actions_adddup2(actions, channel, CSANDBOX_CHANNEL);
  if (status == 0 && input >= 0)
    status = posix_spawn_file_actions_adddup2(actions, input, CSANDBOX_INPUT);
  const int first = input >= 0 ? CSANDBOX_INPUT + 1 : CSANDBOX_CHANNEL + 1;
  return status ? status : posix_spawn_file_actions_addclosefrom_np(actions, first);
}

static int start(pid_t *child, const char *program, const char *const *arguments, int channel,
                 int input) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int status = posix_spawn_file_actions_init(&actions);
  if (status != 0)
    return status;
  status = posix_spawnattr_init(&attributes);
  if (status != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return status;
  }
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  // A group of its own: Ctrl-C is for the parent, which then ends its children in order.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                            POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  char *environment[most_variables];
  choose_environment(environment);
  status = prepare(&actions, channel, input);
  if (status == 0)
    status = posix_spawn(child, program, &actions, &attributes, (char *const *)arguments,
                         environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return status;
}

pid_t csandbox_spawn(const char *program, const char *const *arguments, int channel, int input) {
  // Out of the way of the numbers that they are to get.
  const int far_channel = fcntl(channel, F_DUPFD_CLOEXEC, 16);
  const int far_input = input >= 0 ? fcntl(input, F_DUPFD_CLOEXEC, 16) : -1;
  int status = far_channel < 0 || (input >= 0 && far_input < 0) ? errno : 0;
  pid_t child = 0;
  if (status == 0)
    status = start(&child, program, arguments, far_channel, far_input);
  if (far_channel >= 0)
    close(far_channel);
  if (far_input >= 0)
    close(far_input);
  return status == 0 ? child : -status;
}
