"""A process gives up its own powers, for good: limits, capabilities, Landlock, seccomp.

Standard library and ctypes only, since it runs just before student code does.
Sources: landlock(7), capset(2), prctl(2), seccomp(2).
"""

import ctypes
import functools
import os
import platform
import resource
import struct
from dataclasses import dataclass

from course.grade.sandbox.seccomp import allow_list

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER = 2
SIGKILL = 9
CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION_3 = 0x20080522
LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446
FILE_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many low bits are known
MIB = 1 << 20


@dataclass(frozen=True)
class Powers:
    """What a locked-down process may still do: so many CPU seconds, so many bytes of memory."""

    cpu_seconds: int
    memory_bytes: int
    rules: int | None = None  # a Landlock rule set; None: limits only, nothing is locked


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends (Linux; elsewhere nothing)."""
    if platform.system() == "Linux":
        _prctl(PR_SET_PDEATHSIG, SIGKILL)


def lock_down(powers: Powers) -> None:
    """Give up everything but `powers`; raises OSError where the kernel can't do it."""
    set_limits(powers)
    if powers.rules is None:
        return
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_DUMPABLE, 0)
    drop_capabilities()
    _call(LANDLOCK_RESTRICT, powers.rules, 0)
    filter_calls()


def set_limits(powers: Powers) -> None:
    """CPU, memory, open files, and no file or core dump written at all."""
    hard = {
        resource.RLIMIT_CPU: powers.cpu_seconds,
        resource.RLIMIT_NOFILE: 32,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    if platform.system() == "Linux":
        hard[resource.RLIMIT_AS] = powers.memory_bytes
    for limit, value in hard.items():
        resource.setrlimit(limit, (value, value))


def drop_capabilities() -> None:
    """Give up every capability, so that root is a user like any other."""
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    _call(CAPSET[platform.machine()], header, bytes(24))


def landlock_abi() -> int:
    """The kernel's Landlock version, 0 where there is none."""
    try:
        return _call(LANDLOCK_CREATE, None, 0, 1)
    except OSError:
        return 0


def no_files() -> int:
    """A Landlock rule set (a file descriptor, made once and shared by many children) in which
    no file can be opened, made or removed. Raises OSError where the kernel has no Landlock.
    """
    abi = landlock_abi()
    if not abi:
        raise OSError("this kernel has no Landlock")
    rights = (1 << FILE_RIGHTS_BY_ABI[min(abi, 5)]) - 1
    attributes = struct.pack("=Q", rights)
    if abi >= 4:
        attributes += struct.pack("=Q", 3)  # no TCP bind or connect
    if abi >= 6:
        attributes += struct.pack("=Q", 3)  # no abstract sockets or signals beyond this domain
    return _call(LANDLOCK_CREATE, attributes, len(attributes), 0)


def filter_calls() -> None:
    """Install the seccomp allow-list. Nothing can undo it."""
    program = allow_list(platform.machine())
    buffer = ctypes.create_string_buffer(program, len(program))
    pointer = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, pointer)


def _prctl(option: int, value: int, pointer: bytes | None = None) -> None:
    last = ctypes.c_char_p(pointer)
    if _libc().prctl(option, ctypes.c_ulong(value), last, ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise _failure(f"prctl {option}")


def _call(number: int, *arguments: bytes | int | None) -> int:
    result: int = _libc().syscall(ctypes.c_long(number), *(_native(a) for a in arguments))
    if result < 0:
        raise _failure(f"system call {number}")
    return result


def _native(argument: bytes | int | None) -> ctypes.c_char_p | ctypes.c_long:
    return ctypes.c_long(argument) if isinstance(argument, int) else ctypes.c_char_p(argument)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _failure(what: str) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, f"{what}: {os.strerror(code)}")
