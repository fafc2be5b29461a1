"""Notebooks: `observe` in a grading cell, and the one runner of cells.

    from course.notebook import observer
    observe = observer("04")

In a student's notebook it prints whether a value agrees with the recorded one. When a
notebook is graded, the same cells run with a recorder in its place, and nothing is compared.
This module runs beside student code inside the sandbox: standard library only.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from course.manifest import find_root
from course.observe import ATOL, RTOL, Observation, Recorder
from course.recorded import recorded_notebooks

_replacement: Recorder | None = None


class Teller(Recorder):
    """A recorder that says at once whether a value is the expected one."""

    def __init__(self, expected: Mapping[str, Observation]) -> None:
        super().__init__()
        self.expected = expected

    def __call__(self, name: str, value: Any, *, rtol: float = RTOL, atol: float = ATOL) -> None:
        """As a Recorder does; a cell may run again, so what was observed under this name is
        replaced, and nothing else."""
        pieces = (f"{name}[", f"len({name}[")
        self.seen = {
            key: observation
            for key, observation in self.seen.items()
            if key not in (name, f"len({name})") and not key.startswith(pieces)
        }
        super().__call__(name, value, rtol=rtol, atol=atol)

    def keep(self, observation: Observation) -> None:
        super().keep(observation)
        wanted = self.expected.get(observation.name)
        if wanted is None:
            print(f"  {observation.name}: {observation.value!r}")
        elif wanted.agrees(observation.value):
            print(f"✓ {observation.name}: {observation.value!r}")
        else:
            print(
                f"✗ {observation.name}: observed {observation.value!r}, expected {wanted.value!r}"
            )


def observer(phase: str) -> Recorder:
    """The `observe` of a phase's notebook."""
    if _replacement is not None:
        return _replacement
    return Teller(recorded_notebooks(find_root()).get(phase, {}))


@contextmanager
def observed_by(recorder: Recorder) -> Iterator[None]:
    """While the block runs, every notebook's `observe` is this recorder."""
    global _replacement
    _replacement = recorder
    try:
        yield
    finally:
        _replacement = None


class CellRunner:
    """Runs a notebook's code cells one after the other, without a kernel, in one namespace.

    IPython's own commands (%magic, !shell) mean nothing here and are left out.
    """

    def __init__(self) -> None:
        self.recorder = Recorder()
        self._namespace: dict[str, Any] = {
            "__name__": "__main__",
            "display": lambda *things: None,
        }

    @property
    def seen(self) -> dict[str, Observation]:
        """What the last cell observed, also where it did not come to its end."""
        return dict(self.recorder.seen)

    def run(self, text: str, name: str = "cell", seed: int | str = 0) -> dict[str, Observation]:
        """Run a cell, whose `observe.rng` follows from the seed, and return what it observed;
        raises whatever it raises."""
        self.recorder.begin(seed)
        with observed_by(self.recorder):
            exec(compile(_without_magics(text), name, "exec"), self._namespace)
        return self.seen


def _without_magics(text: str) -> str:
    lines = text.splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)
