// Confinement of a process that parses hostile bytes, and the way it is started: rlimits, Landlock,
// seccomp (by libseccomp). Linux only. No function prints.
#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// The parts of a confinement, as bits.
enum {
  CSANDBOX_NO_NEW_PRIVILEGES = 1, // no set-uid program helps
  CSANDBOX_LIMITS = 2,            // memory, processor time, no files written, no core dump
  CSANDBOX_LANDLOCK = 4,          // no path of any file system can be opened or changed
  CSANDBOX_SECCOMP = 8,           // an allow-list of system calls: no network, no program started
};

// The descriptors of a confined process beside the standard streams, which are /dev/null.
enum { CSANDBOX_CHANNEL = 3, CSANDBOX_INPUT = 4 };

// Confines the calling process for good; to be called while it has one thread. Open descriptors go
// on working. Returns the bits of what took hold: a kernel that lacks a part is no error here.
uint32_t csandbox_confine(uint64_t address_space_bytes, uint64_t cpu_seconds);

// The version of the kernel's Landlock, 0 where there is none.
int32_t csandbox_landlock_version(void);

// Ends the calling process within a second or so after `parent` has gone, whatever it is doing.
// Returns 0 where it has gone already.
int32_t csandbox_end_with(pid_t parent);

// Starts a program with the given arguments, `channel` and perhaps `input` (-1 for none) as its only
// descriptors, in a process group of its own, with an environment that has nothing but what libraries
// need. Returns its process id, or the negated errno.
pid_t csandbox_spawn(const char *program, const char *const *arguments, int channel, int input);

// Tries what a confined process must not be able to do: read_file, write_file, list_folder, connect,
// start_process, run_memory, signal. Returns the errno of the refusal, 0 where it could be done; for
// some of it the process is ended. Harmless where it succeeds.
int32_t csandbox_try(const char *deed);

#ifdef __cplusplus
}
#endif

#endif
