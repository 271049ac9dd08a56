#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

// Landlock's interface up to version 7, declared here because Debian 12's headers end earlier.
// Documentation/userspace-api/landlock.rst of the kernel.
struct landlock_attributes {
  uint64_t handled_access_fs, handled_access_net, scoped;
};
enum { landlock_version_flag = 1 };
#ifndef SYS_landlock_create_ruleset
enum { SYS_landlock_create_ruleset = 444, SYS_landlock_restrict_self = 446 };
#endif

int32_t csandbox_landlock_version(void) {
  const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, landlock_version_flag);
  return version > 0 ? (int32_t)version : 0;
}

static int restrict_files(void) {
  const int32_t version = csandbox_landlock_version();
  if (version < 1)
    return 0;
  // Rights by version: 13 of the first, refer, truncate, (4: TCP), device ioctl.
  const int rights = version == 1 ? 13 : version == 2 ? 14 : version < 5 ? 15 : 16;
  struct landlock_attributes attributes = {.handled_access_fs = (UINT64_C(1) << rights) - 1};
  size_t size = sizeof attributes.handled_access_fs;
  if (version >= 4) {
    attributes.handled_access_net = 3; // to bind and to connect TCP
    size = offsetof(struct landlock_attributes, scoped);
  }
  if (version >= 6) {
    attributes.scoped = 3; // abstract sockets and signals of others
    size = sizeof attributes;
  }
  const int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
  if (rules < 0)
    return 0;
  // No rule is added: nothing may be opened at all.
  const long status = syscall(SYS_landlock_restrict_self, rules, 0);
  close(rules);
  return status == 0;
}

static int limit_with_room(int resource, rlim_t most, rlim_t room) {
  struct rlimit now;
  if (getrlimit(resource, &now) != 0)
    return 0;
  struct rlimit wanted = {.rlim_cur = most, .rlim_max = most + room};
  if (wanted.rlim_max > now.rlim_max)
    wanted.rlim_max = now.rlim_max;
  if (wanted.rlim_cur > wanted.rlim_max)
    wanted.rlim_cur = wanted.rlim_max;
  return setrlimit(resource, &wanted) == 0;
}

static int limit(int resource, rlim_t most) { return limit_with_room(resource, most, 0); }

static int set_limits(uint64_t address_space_bytes, uint64_t cpu_seconds) {
  int held = limit(RLIMIT_AS, address_space_bytes);
  // At the first number the process is ended with a signal that says why, at the second killed.
  held &= limit_with_room(RLIMIT_CPU, cpu_seconds, 5);
  held &= limit(RLIMIT_FSIZE, 0);
  held &= limit(RLIMIT_CORE, 0);
  held &= limit(RLIMIT_MSGQUEUE, 0);
  // poll refuses more descriptors than this; there are five.
  held &= limit(RLIMIT_NOFILE, CSANDBOX_INPUT + 1);
  return held;
}

static int filter_calls(void) {
  // What is not listed fails without being made; what no decoder ever asks for is the end.
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (!filter)
    return 0;
  static const int allowed[] = {
      SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(lseek), SCMP_SYS(sendto),
      SCMP_SYS(fstat), SCMP_SYS(close), SCMP_SYS(poll), SCMP_SYS(ppoll),
      SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise),
      SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(membarrier),
      SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigaction),
      SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(setitimer),
      SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(getpid), SCMP_SYS(getppid),
      SCMP_SYS(gettid), SCMP_SYS(getcpu), SCMP_SYS(getrusage), SCMP_SYS(sysinfo),
      SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getrandom),
      SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep),
      SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time),
  };
  static const int fatal[] = {
      SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(socket),
      SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
      SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
      SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd),
      SCMP_SYS(open_by_handle_at), SCMP_SYS(mount), SCMP_SYS(unshare), SCMP_SYS(setns),
      SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
      SCMP_SYS(io_uring_setup), SCMP_SYS(kexec_load), SCMP_SYS(init_module),
      SCMP_SYS(finit_module), SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setresuid),
      SCMP_SYS(setresgid), SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key),
      SCMP_SYS(kill), SCMP_SYS(tkill),
  };
  int status = 0;
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
    status |= seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, fatal[i], 0);
  // Memory that is written and then run is how a decoder is taken over.
  status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                             SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                             SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  // Threads, not processes. The flags of clone3 cannot be seen: libc falls back on clone.
  status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                             SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  status |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  // A thread's name, the limits as they are, and abort.
  status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                             SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
  status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                             SCMP_A2(SCMP_CMP_EQ, 0));
  status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                             SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
  if (status == 0)
    status = seccomp_load(filter);
  seccomp_release(filter);
  return status == 0;
}

uint32_t csandbox_confine(uint64_t address_space_bytes, uint64_t cpu_seconds) {
  uint32_t held = 0;
  // Nobody reads the memory of this process, not even one of the same user.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    held |= CSANDBOX_NO_NEW_PRIVILEGES;
  if (restrict_files())
    held |= CSANDBOX_LANDLOCK;
  if (set_limits(address_space_bytes, cpu_seconds))
    held |= CSANDBOX_LIMITS;
  if (filter_calls())
    held |= CSANDBOX_SECCOMP;
  return held;
}

static pid_t expected_parent;

static void check_parent(int number) {
  (void)number;
  if (getppid() != expected_parent)
    _exit(1);
}

int32_t csandbox_end_with(pid_t parent) {
  // PR_SET_PDEATHSIG would follow the thread that started this process, not the process.
  expected_parent = parent;
  struct sigaction action = {.sa_handler = check_parent, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  const struct itimerval second = {.it_interval = {.tv_sec = 1}, .it_value = {.tv_sec = 1}};
  setitimer(ITIMER_REAL, &second, NULL);
  return getppid() == parent;
}
