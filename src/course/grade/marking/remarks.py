"""Which remarks about a submission are for the student, and which for teachers only.

Teachers read every flag of a scorecard. A student reads what they can act on: a missing
file, a notebook that stopped half-way. A suspicion is no news for the one it is about: it
would accuse where it is wrong, and teach where it is right.
"""

from collections.abc import Iterable

TEACHERS_ONLY = ("mentions ", "tampering:", "but for the case;")  # the last names another student
NOT_GRADED = "not graded:"
NOT_YOUR_FAULT = "not graded: the grader itself failed here; please tell your teachers"


def for_student(flags: Iterable[str]) -> tuple[str, ...]:
    """The flags that a student may read, in order, each once; why the grader itself failed
    is told in fixed words, for its own may hold anything."""
    kept = (flag for flag in flags if not any(word in flag for word in TEACHERS_ONLY))
    shown = (NOT_YOUR_FAULT if is_not_graded(flag) else flag for flag in kept)
    return tuple(dict.fromkeys(shown))


def is_not_graded(flag: str) -> bool:
    """Whether a flag says that the grader itself failed on this submission."""
    return flag.startswith(NOT_GRADED)
