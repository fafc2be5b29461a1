"""Which notebooks are open with a running kernel, as this user's Jupyter servers say.

Standard library, and jupyter_core where it is installed; a server that does not answer
at once is left out.
"""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PATIENCE = 1.0  # seconds


def has_live_kernel(notebook: Path) -> bool:
    """Whether a running Jupyter server has this notebook open with a kernel."""
    return notebook.resolve() in set(_open_notebooks())


def _open_notebooks() -> Iterator[Path]:
    for server in _servers():
        root = Path(server.get("root_dir") or server.get("notebook_dir") or "/")
        query = urllib.parse.urlencode({"token": server.get("token", "")})
        try:
            address = f"{server['url']}api/sessions?{query}"
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                sessions = json.load(answer)
            yield from [(root / session["path"]).resolve() for session in sessions]
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _servers() -> Iterator[dict[str, Any]]:
    try:
        from jupyter_core.paths import jupyter_runtime_dir
    except ImportError:
        return
    for file in sorted(Path(jupyter_runtime_dir()).glob("jpserver-*.json")):
        try:
            yield json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
