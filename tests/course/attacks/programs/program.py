"""What a hostile program is, and the words by which it tells what it got hold of."""

from dataclasses import dataclass

REACHED = "REACHED"  # said only where a wall has given way
FOUND = "FOUND"  # said of what lies open in the sandbox, and must stay there


@dataclass(frozen=True)
class Program:
    """A text that is put after a stub, or after the reference where it is `honest` otherwise.

    `flags` are words that its scorecard's flags must hold; without any there must be none.
    A `gap` names words that would tell of it and that nobody looks for yet. `solves` are
    the tasks that it may earn points for. `slow` ones use up their time or memory, and may
    be flagged for that.
    """

    text: str
    flags: tuple[str, ...] = ()
    gap: str = ""
    honest: bool = False
    solves: tuple[str, ...] = ()
    slow: bool = False

    def __str__(self) -> str:
        return self.text


def in_an_operation(program: Program) -> str:
    """The same program, run when a probe makes a node instead of at import."""
    body = "\n".join(f"    {line}" for line in program.text.strip().splitlines())
    return f"""
def attack():
{body}
class Value:
    def __init__(self, *a, **k):
        attack()
        raise ValueError("nothing was gained")
"""
