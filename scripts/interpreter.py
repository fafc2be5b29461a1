"""Find a Python that the course runs on.

Any Python since 2.7 must be able to read this file: it is what tells somebody with an unsuitable
one what is needed.  Hence no annotations, f-strings or pathlib here.  It is read on every command:
what takes long to import is imported where it is used.
"""

import os
import sys

OLDEST = (3, 11)
NEWEST = (3, 14)


def is_suitable(version):
    """Whether the course supports this (major, minor, ...) version."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def require_suitable():
    """Return if this Python is suitable; else run the same command with one that is, or exit 2."""
    if is_suitable(sys.version_info):
        return
    python = find_suitable()
    if python is None:
        sys.stderr.write(advice(sys.version_info))
        sys.exit(2)
    command = [python] + sys.argv
    try:
        sys.exit(replace_process(command))
    except KeyboardInterrupt:
        sys.exit(130)


def replace_process(command, env=None):
    """Become `command`; where a process cannot (Windows), run it and return its exit code."""
    if os.name == "nt":
        import subprocess

        return subprocess.call(command, env=env)
    sys.stdout.flush()
    sys.stderr.flush()
    return os.execve(command[0], command, os.environ if env is None else env)


def find_suitable():
    """Return the path of the newest suitable Python on PATH, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = "python3.%d%s" % (minor, ".exe" if os.name == "nt" else "")
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and answers_as_suitable(path):
                return path
    return None


def answers_as_suitable(path):
    """Whether the program runs and is a suitable Python (a pyenv shim may exist and do neither)."""
    import subprocess

    question = "import sys; sys.stdout.write('%d %d' % sys.version_info[:2])"
    try:
        process = subprocess.Popen(
            [path, "-c", question], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        answer = process.communicate()[0].split()
        return process.returncode == 0 and is_suitable([int(part) for part in answer])
    except (OSError, ValueError):
        return False


def advice(version):
    """Return the message for somebody whose Python is too old or too new."""
    return (
        "minigrad: this needs Python 3.%d to 3.%d, and `%s` is Python %d.%d.\n"
        "  No python3.%d ... python3.%d was found on PATH either.\n"
        "  Install one:  Debian, Ubuntu   sudo apt install python3.12 python3.12-venv\n"
        "                macOS            brew install python@3.12\n"
        "                Windows          winget install Python.Python.3.12\n"
        "                anywhere         uv python install 3.12, or pyenv install 3.12\n"
        "  Then run the same command again.\n"
    ) % (OLDEST[1], NEWEST[1], sys.executable, version[0], version[1], NEWEST[1], OLDEST[1])
