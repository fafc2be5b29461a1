"""Programs that reach out of the sandbox: network, other processes, powers, programs."""

from .program import Program

REACHING_OUT = {
    "tcp": Program(
        """
import socket
for family, place in ((socket.AF_INET, ("127.0.0.1", 80)), (socket.AF_INET6, ("::1", 80))):
    try: socket.socket(family, socket.SOCK_STREAM)
    except OSError: continue
    raise ValueError("REACHED the network")
socket.create_connection(("127.0.0.1", 80), 2)
""",
        ("socket",),
    ),
    "udp": Program(
        """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
raise ValueError("REACHED the network")
""",
        ("socket",),
    ),
    "a name to look up": Program(
        """
import socket
socket.getaddrinfo("example.org", 80)
raise ValueError("REACHED the network")
""",
        ("socket",),
    ),
    "unix socket": Program(
        """
import socket
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    try: socket.socket(socket.AF_UNIX, kind)
    except OSError: continue
    raise ValueError("REACHED a socket")
""",
        ("socket",),
    ),
    "other sockets": Program(
        """
import socket
for family in (16, 17, 38, 40):
    for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM, socket.SOCK_STREAM):
        try: socket.socket(family, kind)
        except OSError: continue
        raise ValueError("REACHED a socket")
""",
        ("socket",),
    ),
    "socketpair": Program(
        "import socket; socket.socketpair(); raise ValueError('REACHED a socket')", ("socket",)
    ),
    "the server's own socket": Program(
        """
import os, socket
for fd in range(64):
    try: socket.socket(fileno=fd).send(b'{"exit": 0, "cpu_seconds": 0, "killed": false}')
    except OSError: continue
    raise ValueError("REACHED the server")
""",
        ("socket",),
    ),
    "a library that opens sockets": Program(
        """
import asyncio, urllib.request
for open_one in (asyncio.new_event_loop, lambda: urllib.request.urlopen("http://127.0.0.1")):
    try: open_one()
    except (OSError, RuntimeError): continue
    raise ValueError("REACHED a socket")
""",
        flags=("asyncio",),
    ),
    "kill the grader": Program(
        """
import os, signal
for pid in (os.getppid(), 1, -1, 0):
    for number in (0, signal.SIGKILL):
        try: os.kill(pid, number)
        except OSError: continue
        raise ValueError("REACHED a process")
os.killpg(0, signal.SIGKILL)
""",
        ("os.kill", "signal"),
    ),
    "other ways to kill": Program(
        """
import ctypes, os, signal
libc = ctypes.CDLL(None)
parent = os.getppid()
for call in ((62, parent, 0), (200, parent, 0), (234, parent, parent, 0), (129, parent, 0, 0),
             (434, parent, 0), (424, 3, 0, 0, 0)):
    if libc.syscall(*call) >= 0: raise ValueError(f"REACHED a process by {call}")
for call in (lambda: os.pidfd_open(parent), lambda: signal.pidfd_send_signal(3, 9)):
    try: call()
    except OSError: continue
    raise ValueError("REACHED a process")
""",
        ("ctypes", "signal"),
    ),
    "trace the grader": Program(
        """
import ctypes, os
libc = ctypes.CDLL(None)
for request, pid in ((16, os.getppid()), (0, 0), (0x4206, os.getppid())):
    if libc.ptrace(request, pid, 0, 0) == 0: raise ValueError("REACHED a process")
for call in (310, 311, 312):
    if libc.syscall(call, os.getppid(), 0, 0, 0, 0, 0) >= 0:
        raise ValueError(f"REACHED a process by {call}")
""",
        ("ctypes",),
    ),
    "user namespace": Program(
        """
import ctypes
libc = ctypes.CDLL(None)
for space in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x10020000):
    if libc.unshare(space) == 0: raise ValueError("REACHED a namespace")
if libc.setns(0, 0) == 0: raise ValueError("REACHED a namespace")
""",
        ("ctypes",),
    ),
    "raise the limits": Program(
        """
import resource
for name in ("CPU", "AS", "FSIZE", "NOFILE", "CORE", "NPROC", "STACK"):
    limit = getattr(resource, f"RLIMIT_{name}")
    for change in (lambda: resource.setrlimit(limit, (10**6, 10**6)),
                   lambda: resource.prlimit(0, limit, (10**6, 10**6))):
        try: change()
        except (OSError, ValueError): continue
        raise ValueError("REACHED a limit")
""",
        ("setrlimit",),
    ),
    "other users, other priorities": Program(
        """
import os
for change in (lambda: os.setuid(0), lambda: os.setgroups([]), lambda: os.setresuid(0, 0, 0),
               lambda: os.nice(-5), lambda: os.setpriority(0, 0, -5), lambda: os.umask(0) and 0,
               lambda: os.sched_setaffinity(0, {0})):
    try: change()
    except OSError: continue
    if "umask" not in change.__code__.co_names: raise ValueError("REACHED a power")
""",
        ("__code__",),
    ),
    "another root": Program(
        """
import os
for change in (lambda: os.chroot("/tmp"), lambda: os.fchdir(0), lambda: os.mkdir("/tmp/pwned"),
               lambda: os.mkfifo("/tmp/pwned"), lambda: os.mknod("/tmp/pwned"),
               lambda: os.link("/etc/passwd", "/tmp/pwned"), lambda: os.chmod("/tmp", 0o1777)):
    try: change()
    except OSError: continue
    raise ValueError("REACHED a folder")
os.chdir("/"); os.chdir("/tmp"); os.listdir(".")
raise ValueError("REACHED a folder")
""",
        flags=("chroot",),
    ),
    "mounts, keys, kernels": Program(
        """
import ctypes
libc = ctypes.CDLL(None)
for call in ((165, b"/tmp", b"/tmp", 0, 4096, 0), (155, b".", b"."), (250, 0, 0, 0, 0, 0),
             (321, 0, 0, 0), (425, 8, b"\\0" * 128), (298, b"\\0" * 128, 0, -1, -1, 0),
             (323, 0), (160, 0, b"\\0" * 16), (157, 1, 0), (317, 0, 0, 0), (446, 0, 0),
             (188, b"/tmp", b"user.x", b"x", 1, 0), (101, 0, 0, 0, 0), (175, 0, 0, b"")):
    if libc.syscall(*call) >= 0: raise ValueError(f"REACHED the kernel by {call[0]}")
""",
        ("ctypes",),
    ),
    "raw system calls": Program(
        """
import ctypes
libc = ctypes.CDLL(None)
for number in range(335, 470): libc.syscall(number, 0, 0, 0, 0, 0, 0)
for number in (41, 56, 57, 58, 59, 62, 101, 165, 272, 308, 310, 321, 322):
    libc.syscall(number, 0, 0, 0, 0, 0, 0)
""",
        ("ctypes",),
    ),
    "run a program": Program(
        """
import os
os.execv("/bin/sh", ["sh", "-c", "touch /tmp/pwned"])
""",
        ("execv",),
    ),
    "shell": Program(
        "import os\nif os.system('touch /tmp/pwned') == 0: raise ValueError('REACHED a shell')",
        ("os.system",),
    ),
}
