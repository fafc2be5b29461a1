"""A slider for a picture, given to you: where JupyterLab has ipywidgets, and a still elsewhere."""

import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from minigrad.viz import Drawing


def slide(
    draw: Callable[[float], Drawing], values: Sequence[float], start: float, name: str
) -> Drawing | None:
    """The picture `draw(value)` with a slider that chooses among `values`, begun at `start`.

    Where there is no notebook to hold a slider, or no ipywidgets, it prints how to get one and
    gives the picture at `start`. Raises ValueError where `start` is not among the values.
    """
    if start not in values:
        raise ValueError(f"{name} starts at {start}, which is not among its values")
    if not _in_a_kernel() or find_spec("ipywidgets") is None:
        print(f"One picture, at {name} = {start:g}. A slider needs JupyterLab and ipywidgets: run")
        print("%pip install ipywidgets in a cell, restart the kernel, and reload the page.")
        return draw(start)
    import ipywidgets

    slider = ipywidgets.SelectionSlider(
        options=[(f"{value:g}", value) for value in values],
        value=start,
        description=name,
        continuous_update=False,
    )
    ipywidgets.interact(draw, **{draw.__code__.co_varnames[0]: slider})
    return None


def _in_a_kernel() -> bool:
    """Whether this runs in a notebook's kernel, which a page listens to."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None
