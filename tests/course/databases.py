"""A real PostgreSQL server for tests: started in a folder of its own, stopped with them."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path


class Postgres:
    """A running server without a network: it is reached by a socket in its folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder, self._numbers = programs, folder, count(1)

    def new_database(self) -> str:
        """Make an empty database; returns its URL."""
        name = f"class{next(self._numbers)}"
        run(self.programs / "createdb", "-h", self.folder, "-U", "grader", name)
        return f"postgresql+psycopg://grader@/{name}?host={self.folder}"


def postgres_programs() -> Path | None:
    """The folder of the newest installed server's programs, None where there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max(
        (path.parent for path in installed), key=lambda p: float(p.parent.name), default=None
    )


@contextmanager
def postgres_server(programs: Path) -> Iterator[Postgres]:
    """A server that trusts whoever reaches its socket."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path has to be short
    data = folder / "data"
    try:
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
        run(programs / "initdb", "-D", data, "-U", "grader", "--auth=trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses= -c fsync=off -k {folder}"
        log = folder / "log"
        run(programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", log, "-o", options, "start")
        try:
            yield Postgres(programs, folder)
        finally:
            run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(*command: object) -> None:
    """Run one of its programs, as the user that Debian makes for it where this is root."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *words]
    done = subprocess.run(
        words, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
