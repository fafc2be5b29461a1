"""What the receipts of `minigrad submit` say about the time of what was handed in.

A receipt is bound by its hashes to the bytes that it is about, and is not signed: its time is
the student's own word, by their own clock. It counts where nothing better is known.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from course.grade.intake.members import MAX_MEMBER, Refused, kind_of, zip_members

SCHEMA = "minigrad/receipt/v1"
NAME = re.compile(r"(?:.*[/._-])?receipt(?:[- ]?\(?\w{1,4}\)?)?\.json", re.IGNORECASE | re.DOTALL)
MOST_BYTES = 64 << 10
FIRST_YEAR = 2000  # a time before it is made up, and may have no counterpart in UTC
MOST = 20  # receipts of one student that are looked at


@dataclass(frozen=True)
class Said:
    """What a receipt says: the hash of the zip, those of the files in it, and when it was made."""

    zip: str
    files: Mapping[str, str]
    made: datetime


def is_receipt(name: str) -> bool:
    """Whether a file is a receipt by its name, whatever a platform added to it."""
    return NAME.fullmatch(name) is not None


def made_by(receipts: Iterable[bytes], data: bytes) -> datetime | None:
    """When a zip was packed, by the receipts beside it and those inside it: the latest time of
    one that is about exactly these bytes, and does not lie ahead. None where there is none."""
    inside, zips, files = _inside(data)
    digests = {sha256(data).hexdigest(), *zips}
    found = [said for text in [*receipts, *inside][:MOST] if (said := _read(text))]
    times = [
        said.made
        for said in found
        if (said.zip in digests or (said.files and said.files.items() <= files.items()))
        and said.made <= datetime.now(UTC)
    ]
    return max(times, default=None)


def _read(text: bytes) -> Said | None:
    with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        found = json.loads(text)
        made = datetime.fromisoformat(found["made"])
        files = {str(name): str(digest) for name, digest in found["files"].items()}
        if found["schema"] == SCHEMA and made.utcoffset() is not None and made.year >= FIRST_YEAR:
            return Said(str(found["zip"]), files, made)
    return None


def _inside(data: bytes) -> tuple[Sequence[bytes], set[str], Mapping[str, str]]:
    """The receipts in a zip; where there are some, the hashes of its zips, and of its files by
    their paths beside the receipt."""
    with suppress(Refused, zipfile.BadZipFile, ValueError, OSError, EOFError, RuntimeError):
        members = list(zip_members(io.BytesIO(data)))
        notes = [(path, read) for path, read in members if is_receipt(path)][:MOST]
        if not notes:
            return [], set(), {}
        texts = [read(MOST_BYTES) for _, read in notes]
        folder = notes[0][0].rpartition("/")[0]
        start = f"{folder}/" if folder else ""
        hashes = {
            path.removeprefix(start): sha256(read(MAX_MEMBER)).hexdigest()
            for path, read in members
            if kind_of(path)[0] in ("zip", "loose") and path.startswith(start)
        }
        zips = {digest for path, digest in hashes.items() if kind_of(path)[0] == "zip"}
        return texts, zips, hashes
    return [], set(), {}
