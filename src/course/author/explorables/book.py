"""An explorable figure as data: pictures with a sentence each, in one or several ways.

`solutions/explorables.py` makes most of them; `passes` records backward passes. The site shows
them with the step player of notebooks, which only turns pages: every picture is drawn here, by
our own engine.
"""

from minigrad.player import Player, Step, Way

__all__ = ["Player", "Step", "Way", "as_script"]


def as_script(name: str, player: Player) -> str:
    """A figure as a script that a page can load from anywhere, a file included."""
    return f'(window.explorables ??= {{}})["{name}"]={player.as_json()};\n'
