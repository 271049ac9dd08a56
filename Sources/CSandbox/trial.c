#define _GNU_SOURCE
#include "CSandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int32_t outcome(long status) { return status < 0 ? errno : 0; }

static int32_t open_it(const char *path, int flags) {
  const int file = open(path, flags, 0600);
  const int32_t result = outcome(file);
  if (file >= 0)
    close(file);
  return result;
}

static int32_t write_file(void) {
  const char *path = "/dev/shm/leaktrace-trial";
  const int32_t result = open_it(path, O_WRONLY | O_CREAT | O_EXCL);
  if (result == 0)
    unlink(path);
  return result;
}

static int32_t connect_it(void) {
  const int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  if (socket_ < 0)
    return errno;
  // To a port of this machine where nobody listens: that it may be asked is what matters.
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int status = connect(socket_, (struct sockaddr *)&address, sizeof address);
  const int32_t result = status < 0 && errno != ECONNREFUSED ? errno : 0;
  close(socket_);
  return result;
}

static int32_t start_process(void) {
  const pid_t child = fork();
  if (child == 0)
    _exit(0);
  if (child > 0)
    waitpid(child, NULL, 0);
  return outcome(child);
}

static int32_t run_memory(void) {
  void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return errno;
  munmap(memory, 4096);
  return 0;
}

int32_t csandbox_try(const char *deed) {
  if (strcmp(deed, "read_file") == 0)
    return open_it("/etc/passwd", O_RDONLY);
  if (strcmp(deed, "write_file") == 0)
    return write_file();
  if (strcmp(deed, "list_folder") == 0)
    return open_it("/", O_RDONLY | O_DIRECTORY);
  if (strcmp(deed, "connect") == 0)
    return connect_it();
  if (strcmp(deed, "start_process") == 0)
    return start_process();
  if (strcmp(deed, "run_memory") == 0)
    return run_memory();
  if (strcmp(deed, "signal") == 0)
    return outcome(kill(getppid(), 0));
  return 0;
}
