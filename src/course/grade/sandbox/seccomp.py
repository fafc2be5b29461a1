"""A seccomp filter: the system calls that a locked-down Python needs, and no others.

The filter is an allow-list in classic BPF, assembled here for x86-64 and arm64. No call that
takes a path is on it, so that files can neither be read nor asked about: where Python looks
for one, it is told that nothing is there, and carries on. Everything else fails with EPERM,
a foreign instruction set kills the process.
Sources: the kernel's Documentation/userspace-api/seccomp_filter.rst, and the
system call tables of arch/x86/entry/syscalls and include/uapi/asm-generic.
"""

import errno
import functools
import struct
from dataclasses import dataclass

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
# BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JSET|K, BPF_RET|K
LOAD_WORD, JUMP_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER_AT, ARCH_AT, ARGUMENTS_AT = 0, 4, 16  # offsets in struct seccomp_data

# name: (number on x86-64, number on arm64); None where there is no such call
CALLS: dict[str, tuple[int | None, int | None]] = {
    # files that are open already: the pipe of its replies, and /dev/null
    "read": (0, 63),
    "readv": (19, 65),
    "pread64": (17, 67),
    "write": (1, 64),
    "writev": (20, 66),
    "close": (3, 57),
    "lseek": (8, 62),
    "getcwd": (79, 17),
    # memory
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "brk": (12, 214),
    # time, its own signals and timers
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "times": (100, 153),
    "getrusage": (98, 165),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    # who and where it is
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "sched_getaffinity": (204, 123),
    # the rest of the C library's own needs
    "futex": (202, 98),
    "sched_yield": (24, 124),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "membarrier": (324, 283),
    "getrandom": (318, 278),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
# calls that look for files, or at one that is open: nothing is there
LOOKING: dict[str, tuple[int | None, int | None]] = {
    "stat": (4, None),
    "lstat": (6, None),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents": (78, None),
    "getdents64": (217, 61),
    "chdir": (80, 49),
    "openat2": (437, 437),
}
# calls that open files, and the argument that says how: to read, nothing is there;
# to write or make one, permission is denied
OPENING: dict[str, tuple[int | None, int | None, int]] = {
    "open": (2, None, 1),
    "openat": (257, 56, 2),
}
WRITING = 0o103  # O_WRONLY, O_RDWR, O_CREAT
# calls that are allowed only with one of these values for one argument
GUARDED: dict[str, tuple[int, int, int, tuple[int, ...]]] = {
    "ioctl": (16, 29, 1, (0x5401, 0x5450, 0x5451)),  # TCGETS, FIONCLEX, FIOCLEX
    "fcntl": (72, 25, 1, (1, 2, 3)),  # F_GETFD, F_SETFD, F_GETFL
    # MADV_DONTNEED, MADV_FREE, MADV_HUGEPAGE; not MADV_PAGEOUT, which others would notice
    "madvise": (28, 233, 2, (4, 8, 14)),
}


@dataclass(frozen=True)
class Architecture:
    """An instruction set: its AUDIT_ARCH number, and its column in CALLS."""

    audit: int
    column: int


ARCHITECTURES = {
    "x86_64": Architecture(0xC000003E, 0),
    "aarch64": Architecture(0xC00000B7, 1),
}


def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One struct sock_filter."""
    return struct.pack("=HBBI", code, if_true, if_false, value)


@functools.cache
def allow_list(machine: str) -> bytes:
    """The filter for `platform.machine()`; raises KeyError for an unknown machine."""
    architecture = ARCHITECTURES[machine]
    refuse, nothing_there, denied = (
        instruction(RETURN, ERRNO | code) for code in (errno.EPERM, errno.ENOENT, errno.EACCES)
    )
    allow = instruction(RETURN, ALLOW)
    program = [
        instruction(LOAD_WORD, ARCH_AT),
        instruction(JUMP_EQUAL, architecture.audit, 1, 0),
        instruction(RETURN, KILL),
        instruction(LOAD_WORD, NUMBER_AT),
    ]
    for calls, answer in ((CALLS, allow), (LOOKING, nothing_there)):
        for numbers in calls.values():
            number = numbers[architecture.column]
            if number is not None:
                program += [instruction(JUMP_EQUAL, number, 0, 1), answer]
    for *opening, argument in OPENING.values():
        number = opening[architecture.column]
        if number is not None:
            how = instruction(LOAD_WORD, ARGUMENTS_AT + 8 * argument)
            body = [how, instruction(JUMP_SET, WRITING, 0, 1), denied, nothing_there]
            program += [instruction(JUMP_EQUAL, number, 0, len(body)), *body]
    for *guarded, argument, values in GUARDED.values():
        body = [instruction(LOAD_WORD, ARGUMENTS_AT + 8 * argument)]
        for value in values:
            body += [instruction(JUMP_EQUAL, value, 0, 1), allow]
        body.append(refuse)
        program += [instruction(JUMP_EQUAL, guarded[architecture.column], 0, len(body)), *body]
    return b"".join([*program, refuse])
