"""Hostile submissions: what each tries, and the text of its library file.

The programs know this repository well: an attacker may.
"""

from .early import EARLY
from .forging import FORGING
from .hogging import HOGGING
from .lying import LYING
from .patching import PATCHING
from .program import FOUND, REACHED, Program, in_an_operation
from .reaching import REACHING_OUT
from .reading import READING
from .showing import SHOWING

__all__ = ["ALL", "FOUND", "REACHED", "REACHING_OUT", "READING", "Program", "in_an_operation"]

ALL = EARLY | PATCHING | READING | LYING | FORGING | HOGGING | REACHING_OUT | SHOWING
