"""Strangers' text made fit to print: on one line, without what a terminal would act on, short.

Text that goes into HTML is escaped there as well.
"""

LINE, NAME = 300, 120  # characters


def printable(text: str, most: int = LINE) -> str:
    """`text` without control characters (each becomes "?"), cut after `most` characters."""
    return "".join(c if c.isprintable() else "?" for c in text[:most])


def brief(text: str) -> str:
    """The same for a name or a reason that stands inside a longer sentence."""
    return printable(text, NAME)
