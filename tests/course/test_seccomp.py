"""The seccomp filters of both machines, read as the kernel would read them."""

import re
import struct
from pathlib import Path

import pytest

from course.grade.sandbox.seccomp import (
    ALLOW,
    ARCHITECTURES,
    ARGUMENTS_AT,
    CALLS,
    ERRNO,
    GUARDED,
    JUMP_EQUAL,
    KILL,
    LOAD_WORD,
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


def verdict(program, audit, number, arguments=(0,) * 6):
    """Run a classic BPF program on one struct seccomp_data."""
    data = struct.pack("=iIQ6Q", number, audit, 0, *arguments)
    at, accumulator = 0, 0
    for _ in range(len(program) // 8):
        code, if_true, if_false, value = struct.unpack_from("=HBBI", program, 8 * at)
        at += 1
        if code == LOAD_WORD:
            (accumulator,) = struct.unpack_from("=I", data, value)
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


@pytest.mark.parametrize("machine", MACHINES)
def test_another_instruction_set_is_the_end(machine):
    (other,) = (a for name, a in ARCHITECTURES.items() if name != machine)
    for audit in (other.audit, 0x40000003):  # the other one, and 32-bit x86
        assert verdict(allow_list(machine), audit, 0) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_are_those_of_the_kernels_own_headers(machine):
    if not HEADERS[machine].is_file():
        pytest.skip(f"{HEADERS[machine]} is not installed (Debian: linux-libc-dev)")
    text = HEADERS[machine].read_text(encoding="utf-8")
    known = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text))
    column = ARCHITECTURES[machine].column
    for name, numbers in {**CALLS, **GUARDED}.items():
        if numbers[column] is not None:
            listed = known.get(name) or known[name.removeprefix("new")]
            assert int(listed) == numbers[column], name
