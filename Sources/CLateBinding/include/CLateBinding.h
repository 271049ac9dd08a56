// Libraries that are loaded when one of their functions is first called, so that a program which
// never calls them starts without them.
//
// A target that uses a library in this way includes the library's own headers and calls its functions
// as ever. Instead of linking the library it lists those functions in an assembly file,
//
//   #include "CLateBinding.h"
//   LATE_BEGIN Owner
//   LATE_FUNCTION Owner, some_function
//   LATE_END Owner
//
// and describes the library in a C file as `LateLibrary Owner_library`. Each listed name becomes a jump
// through a slot, as in a procedure linkage table; at first all slots lead to the loader. So a call
// costs one indirect jump, arguments and results of any type pass untouched, and a function that is
// called but not listed is an error of the linker. Data of the library cannot be had.
#ifndef CLATEBINDING_H
#define CLATEBINDING_H

#ifndef __ASSEMBLER__

#include <pthread.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct LateLibrary;

// A listed function.
typedef struct {
  void *target; // where a call goes
  const char *name;
  struct LateLibrary *library;
} LateFunction;

enum { LATE_MOST_FILES = 8 };

// A library: its files, and the functions of it that are called. Begin one with LATE_LIBRARY.
typedef struct LateLibrary {
  const char *name;                   // in words, for messages
  const char *files[LATE_MOST_FILES]; // sonames, null behind the last one
  LateFunction *first, *end;
  pthread_mutex_t lock;
  int32_t state; // 0 before the first attempt to load it, then 1, or -1 if that failed
  char error[256];
} LateLibrary;

// Defines the library of `owner`, whose functions are listed in an assembly file.
#define LATE_LIBRARY(owner, words, ...)                                                            \
  extern __attribute__((visibility("hidden"))) LateFunction owner##_functions[];                   \
  extern __attribute__((visibility("hidden"))) LateFunction owner##_functions_end[];               \
  __attribute__((visibility("hidden"))) LateLibrary owner##_library = {                            \
      .name = words,                                                                               \
      .files = {__VA_ARGS__},                                                                      \
      .first = owner##_functions,                                                                  \
      .end = owner##_functions_end,                                                                \
      .lock = PTHREAD_MUTEX_INITIALIZER,                                                           \
  }

// Loads a library and binds all its listed functions, unless that was tried before. A process that
// gives up opening files has to do so first. Any thread may call it.
// Returns null, or why the library cannot be used, for as long as the process lives. A call of one of
// its functions then ends the process with that message and status 127, as the system's loader does.
const char *late_load(LateLibrary *library);

#ifdef __cplusplus
}
#endif

#else // assembly

.macro LATE_BEGIN owner
  .section .data.rel,"aw",%progbits
  .p2align 3
  .globl \owner\()_functions
  .hidden \owner\()_functions
  .hidden \owner\()_library
\owner\()_functions:
.endm

.macro LATE_END owner
  .section .data.rel,"aw",%progbits
  .globl \owner\()_functions_end
  .hidden \owner\()_functions_end
\owner\()_functions_end:
  .section .note.GNU-stack,"",%progbits
.endm

// Hidden, so that the library's own calls of the function do not come here.
.macro LATE_FUNCTION owner, name
  .section .rodata.str1.1,"aMS",%progbits,1
.Lname_\name:
  .asciz "\name"
  .section .data.rel,"aw",%progbits
.Lslot_\name:
  .quad .Lbind_\name
  .quad .Lname_\name
  .quad \owner\()_library
  .text
  .globl \name
  .hidden \name
  .type \name, %function
  .p2align 4
\name:
#if defined(__x86_64__)
  jmpq *.Lslot_\name(%rip)
.Lbind_\name:
  leaq .Lslot_\name(%rip), %r11
  jmp late_bind_call
#elif defined(__aarch64__)
  adrp x17, .Lslot_\name
  add x17, x17, :lo12:.Lslot_\name
  // What another thread loaded is seen before it is called.
  ldar x16, [x17]
  br x16
.Lbind_\name:
  b late_bind_call
#else
#error "CLateBinding knows x86-64 and aarch64"
#endif
  .size \name, . - \name
.endm

  .hidden late_bind_call

#endif

#endif
