"""The seccomp filters of both machines, read as the kernel would read them."""

import ctypes
import errno
import os
import platform
import re
import signal
import struct
from pathlib import Path

import pytest

from course.grade.sandbox import lockdown
from course.grade.sandbox.seccomp import (
    ALLOW,
    ARCHITECTURES,
    ARGUMENTS_AT,
    CALLS,
    ERRNO,
    GUARDED,
    JUMP_EQUAL,
    JUMP_SET,
    KILL,
    LOAD_WORD,
    LOOKING,
    OPENING,
    RETURN,
    allow_list,
)

MACHINES = sorted(ARCHITECTURES)
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
NEVER = {
    "x86_64": {"fork": 57, "vfork": 58, "execve": 59, "kill": 62, "socket": 41, "ptrace": 101},
    "aarch64": {"clone": 220, "execve": 221, "kill": 129, "socket": 198, "ptrace": 117},
}
# what takes a path, under any of its names
OF_PATHS = re.compile(
    r"(new)?(l|f)?stat(64|x|at|fs|at64)?|f?access(at2?)?|readlink(at)?|open(at2?|_tree)?|creat|"
    r"chdir|f?chmod(at2?)?|l?f?chown(at)?|futimesat|utimens(at)?|utimes?|mkdir(at)?|mknod(at)?|"
    r"rename(at2?)?|rmdir|unlink(at)?|sym?link(at)?|link(at)?|truncate|execve(at)?|u?mount2?|"
    r"chroot|pivot_root|swapo(n|ff)|acct|quotactl|uselib|[lf]?(get|set|list|remove)xattr(at)?|"
    r"inotify_add_watch|fanotify_mark|name_to_handle_at|open_by_handle_at|mq_(open|unlink)|"
    r"getdents(64)?|move_mount|fsopen|fspick|bind|connect|memfd_create|statmount|listmount"
)


def verdict(program, audit, number, arguments=(0,) * 6):
    """Run a classic BPF program on one struct seccomp_data."""
    data = struct.pack("=iIQ6Q", number, audit, 0, *arguments)
    at, accumulator = 0, 0
    for _ in range(len(program) // 8):
        code, if_true, if_false, value = struct.unpack_from("=HBBI", program, 8 * at)
        at += 1
        if code == LOAD_WORD:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif code == JUMP_SET:
            at += if_true if accumulator & value else if_false
        elif code == JUMP_EQUAL:
            at += if_true if accumulator == value else if_false
        else:
            assert code == RETURN
            return value
    raise AssertionError("the program does not end")


@pytest.mark.parametrize("machine", MACHINES)
def test_exactly_the_listed_calls_are_allowed(machine):
    program, architecture = allow_list(machine), ARCHITECTURES[machine]
    listed = {numbers[architecture.column] for numbers in CALLS.values()} - {None}
    allowed = {n for n in range(1024) if verdict(program, architecture.audit, n) == ALLOW}
    assert allowed == listed
    for name, number in NEVER[machine].items():
        assert verdict(program, architecture.audit, number) & 0xFFFF0000 == ERRNO, name


@pytest.mark.parametrize("machine", MACHINES)
def test_guarded_calls_look_at_their_argument(machine):
    program, architecture = allow_list(machine), ARCHITECTURES[machine]
    for *numbers, argument, values in GUARDED.values():
        for value in range(0x5500):
            arguments = [0] * 6
            arguments[argument] = value
            number = numbers[architecture.column]
            seen = verdict(program, architecture.audit, number, arguments)
            assert (seen == ALLOW) == (value in values)
    assert ARGUMENTS_AT == 16


def numbers_in_headers(machine):
    if not HEADERS[machine].is_file():
        pytest.skip(f"{HEADERS[machine]} is not installed (Debian: linux-libc-dev)")
    text = HEADERS[machine].read_text(encoding="utf-8")
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)
    return {name: int(number) for name, number in found}


@pytest.mark.parametrize("machine", MACHINES)
def test_no_call_that_takes_a_path_is_allowed(machine):
    program, audit = allow_list(machine), ARCHITECTURES[machine].audit
    numbers = numbers_in_headers(machine)
    taking = [name for name in numbers if OF_PATHS.fullmatch(name)]
    assert len(taking) > 50 and {"statx", "openat", "readlinkat", "utimensat"} <= set(taking)
    for name in taking:
        for arguments in ((0,) * 6, (2**64 - 1,) * 6, (1, 2, 3, 4, 5, 6)):
            assert verdict(program, audit, numbers[name], arguments) & 0xFFFF0000 == ERRNO, name


@pytest.mark.parametrize("machine", MACHINES)
def test_whoever_looks_is_told_that_nothing_is_there(machine):
    program, architecture = allow_list(machine), ARCHITECTURES[machine]
    for numbers in LOOKING.values():
        if (number := numbers[architecture.column]) is not None:
            assert verdict(program, architecture.audit, number) == ERRNO | errno.ENOENT
    for *numbers, argument in OPENING.values():
        for how in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_PATH | os.O_CLOEXEC):
            writes = how & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            arguments = [how if at == argument else 0 for at in range(6)]
            if (number := numbers[architecture.column]) is not None:
                seen = verdict(program, architecture.audit, number, arguments)
                assert seen == ERRNO | (errno.EACCES if writes else errno.ENOENT)


@pytest.mark.parametrize("machine", MACHINES)
def test_this_kernel_takes_the_filter(machine):
    """The other machine's too: it is a right program, and ends whoever is not of its kind."""
    if platform.system() != "Linux":
        pytest.skip("a filter needs Linux")
    program = allow_list(machine)
    buffer = ctypes.create_string_buffer(program, len(program))
    pointer = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    child = os.fork()
    if child == 0:
        lockdown._prctl(lockdown.PR_SET_NO_NEW_PRIVS, 1)
        lockdown._prctl(lockdown.PR_SET_SECCOMP, lockdown.SECCOMP_MODE_FILTER, pointer)
        os._exit(7)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code == (7 if machine == platform.machine() else -signal.SIGSYS)


@pytest.mark.parametrize("machine", MACHINES)
def test_another_instruction_set_is_the_end(machine):
    (other,) = (a for name, a in ARCHITECTURES.items() if name != machine)
    for audit in (other.audit, 0x40000003):  # the other one, and 32-bit x86
        assert verdict(allow_list(machine), audit, 0) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_are_those_of_the_kernels_own_headers(machine):
    known, column = numbers_in_headers(machine), ARCHITECTURES[machine].column
    for name, numbers in {**CALLS, **LOOKING, **OPENING, **GUARDED}.items():
        if numbers[column] is not None:
            listed = known.get(name) or known[name.removeprefix("new")]
            assert listed == numbers[column], name
