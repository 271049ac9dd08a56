// The first call of a listed function: keeps the arguments, has the library loaded, and goes on to the
// function. The slot is in r11 or x17, which no arguments are passed in.
  .text
  .globl late_bind_call
  .hidden late_bind_call
  .hidden late_bind
  .type late_bind_call, %function
  .p2align 4
late_bind_call:
  .cfi_startproc
#if defined(__x86_64__)
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  subq $208, %rsp
  movaps %xmm0, 0(%rsp)
  movaps %xmm1, 16(%rsp)
  movaps %xmm2, 32(%rsp)
  movaps %xmm3, 48(%rsp)
  movaps %xmm4, 64(%rsp)
  movaps %xmm5, 80(%rsp)
  movaps %xmm6, 96(%rsp)
  movaps %xmm7, 112(%rsp)
  movq %rdi, 128(%rsp)
  movq %rsi, 136(%rsp)
  movq %rdx, 144(%rsp)
  movq %rcx, 152(%rsp)
  movq %r8, 160(%rsp)
  movq %r9, 168(%rsp)
  // How many vector registers a variadic function was given.
  movq %rax, 176(%rsp)
  movq %r10, 184(%rsp)
  movq %r11, 192(%rsp)
  movq %r11, %rdi
  call late_bind
  movaps 0(%rsp), %xmm0
  movaps 16(%rsp), %xmm1
  movaps 32(%rsp), %xmm2
  movaps 48(%rsp), %xmm3
  movaps 64(%rsp), %xmm4
  movaps 80(%rsp), %xmm5
  movaps 96(%rsp), %xmm6
  movaps 112(%rsp), %xmm7
  movq 128(%rsp), %rdi
  movq 136(%rsp), %rsi
  movq 144(%rsp), %rdx
  movq 152(%rsp), %rcx
  movq 160(%rsp), %r8
  movq 168(%rsp), %r9
  movq 176(%rsp), %rax
  movq 184(%rsp), %r10
  movq 192(%rsp), %r11
  leave
  .cfi_def_cfa %rsp, 8
  jmpq *(%r11)
#elif defined(__aarch64__)
  stp x29, x30, [sp, #-224]!
  .cfi_def_cfa_offset 224
  .cfi_offset x29, -224
  .cfi_offset x30, -216
  mov x29, sp
  stp q0, q1, [sp, #16]
  stp q2, q3, [sp, #48]
  stp q4, q5, [sp, #80]
  stp q6, q7, [sp, #112]
  stp x0, x1, [sp, #144]
  stp x2, x3, [sp, #160]
  stp x4, x5, [sp, #176]
  stp x6, x7, [sp, #192]
  // Where a large result goes.
  stp x8, x17, [sp, #208]
  mov x0, x17
  bl late_bind
  ldp q0, q1, [sp, #16]
  ldp q2, q3, [sp, #48]
  ldp q4, q5, [sp, #80]
  ldp q6, q7, [sp, #112]
  ldp x0, x1, [sp, #144]
  ldp x2, x3, [sp, #160]
  ldp x4, x5, [sp, #176]
  ldp x6, x7, [sp, #192]
  ldp x8, x17, [sp, #208]
  ldp x29, x30, [sp], #224
  .cfi_def_cfa_offset 0
  .cfi_restore x29
  .cfi_restore x30
  ldar x16, [x17]
  br x16
#else
#error "CLateBinding knows x86-64 and aarch64"
#endif
  .cfi_endproc
  .size late_bind_call, . - late_bind_call
  .section .note.GNU-stack,"",%progbits
