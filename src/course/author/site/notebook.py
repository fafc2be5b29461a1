"""A phase's notebook as a page: to be read on the site, and run with one's own engine."""

import json
from pathlib import Path
from typing import Any

from course.syllabus import Phase


def notebook_page(phase: Phase, path: Path) -> str:
    """A released notebook in Markdown, without outputs: those come from the student's code."""
    title = f"# Notebook {phase.id}: {phase.title}"
    run = f"Run it with your own engine: `./scripts/minigrad open {phase.id.lstrip('0')}`."
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join([title, run, *map(_markdown, cells)]) + "\n"


def _markdown(cell: dict[str, Any]) -> str:
    text = "".join(cell["source"]).strip()
    if cell["cell_type"] == "code":
        return f"```python\n{text}\n```" if text else ""
    lines = text.splitlines()
    return "\n".join(lines[1:] if lines[:1] and lines[0].startswith("# ") else lines)
