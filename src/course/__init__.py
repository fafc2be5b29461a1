"""The machinery of the minigrad course: what students, authors and graders run."""

__version__ = "0.1.0"
