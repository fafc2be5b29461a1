"""Pages of pairs that are out of date: one of the two has handed in something else, or is gone."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from course.grade.intake.submission import Submission

NOTE = re.compile(r'<meta name="minigrad-compared" content="(?P<digests>[^"]*)">')
NOTED_WITHIN = 1000  # bytes from the start of a page
YEAR = " ("  # begins what a submission of another year has behind the student's id


def compared(one: Submission, other: Submission) -> str:
    """What a pair's page notes in its head about the two submissions that it shows."""
    return f"{one.digest} {other.digest}"


def stale_pages(folder: Path, present: Mapping[str, Submission], whole: bool) -> Iterator[Path]:
    """The pages in a folder that are about a submission that is not the present one any more.
    Where `present` is the `whole` class, also those about who is not in it."""
    for path in sorted(folder.glob("*~*.html")):
        names = path.stem.split("~")
        with suppress(OSError), path.open("rb") as stream:
            note = NOTE.search(stream.read(NOTED_WITHIN).decode("utf-8", "replace"))
            if note is None or len(names) != 2:
                continue
            for name, digest in zip(names, note["digests"].split(), strict=False):
                known = present.get(name)
                gone = whole and known is None and YEAR not in name
                if gone or (known is not None and digest != known.digest):
                    yield path
                    break
