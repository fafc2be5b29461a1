"""An explorable figure as data: pictures with a sentence each, in one or several ways.

`solutions/explorables.py` makes most of them; `passes` records backward passes. The site shows
them with `explore.js`, which only turns pages: every picture is drawn here, by our own engine.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Step:
    """One picture, as SVG text, what is to be seen on it, and its short name on the slider."""

    svg: str
    caption: str
    name: str = ""


@dataclass(frozen=True)
class Way:
    """Steps that belong together: one setting, or one mistake."""

    name: str
    steps: Sequence[Step]


@dataclass(frozen=True)
class Explorable:
    """What to do with the figure, and the ways to choose from. `turn` says whether its steps
    follow one another in time or are values of a number."""

    title: str
    turn: Literal["steps", "slider"]
    ways: Sequence[Way]

    def as_script(self, name: str) -> str:
        """The figure as a script that a page can load from anywhere, a file included."""
        data = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return f'(window.explorables ??= {{}})["{name}"]={data};\n'
