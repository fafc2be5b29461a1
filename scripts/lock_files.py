"""Write the lock files: pins with hashes for every platform, and no index address.

uv.lock and pylock.toml would record which index the pins came from; a requirements file need not.
"""

import subprocess
import sys
from pathlib import Path

import environment

LOCK_FILE, STUDENT_LOCK_FILE, NOTEBOOKS_LOCK_FILE = environment.LOCK_FILES
# torch (oracle) is installed by those who want it.
EXTRAS = ("notebooks", "grade", "cluster", "dev", "docs")
HEADER = "# Made by scripts/lock from pyproject.toml; do not edit.\n"


def main(options: list[str]) -> int:
    """Write the three lock files, passing `options` on to uv; return the exit code."""
    uv = environment.require_ready().program("uv")
    try:
        compile_lock(uv, LOCK_FILE, EXTRAS, options)
        among_them = ["-c", LOCK_FILE, *options]
        compile_lock(uv, STUDENT_LOCK_FILE, (), among_them)
        compile_lock(uv, NOTEBOOKS_LOCK_FILE, ("notebooks",), among_them)
    except (subprocess.CalledProcessError, ValueError) as error:
        print(f"scripts/lock: {error}", file=sys.stderr)
        return 1
    print(f"wrote {', '.join(environment.LOCK_FILES)}; the next command installs them")
    return 0


def compile_lock(uv: str, name: str, extras: tuple[str, ...], options: list[str]) -> None:
    """Write the lock file `name`: the base dependencies, these extras and the set-up tools.

    Raises CalledProcessError, and ValueError if an address of any kind got into the file.
    """
    chosen = [part for extra in extras for part in ("--extra", extra)]
    fixed = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "-q"]
    command = [uv, "pip", "compile", "pyproject.toml", "--group", "setup", "--output-file", name]
    subprocess.run(
        [*command, *chosen, *fixed, *options],
        cwd=environment.ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    path = Path(environment.ROOT, name)
    pins = path.read_text(encoding="utf-8").removeprefix(HEADER)
    if "://" in pins:
        raise ValueError(
            f"{path} names an address; look for one in pyproject.toml and uv's settings"
        )
    path.write_text(HEADER + pins, encoding="utf-8")
