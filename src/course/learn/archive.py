"""Archive, reset, restore: nothing a student wrote is ever lost.

An archive is a folder under .minigrad/archive/ with copies of a phase's files and
a manifest with their hashes. Resetting archives first, and restoring archives what
it is about to replace; every step can be undone.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path

from course.errors import CourseError
from course.files import one_at_a_time, write_whole
from course.learn.celldiff import notebook_diff
from course.learn.live import has_live_kernel
from course.learn.pristine import pristine, with_stubs_of
from course.syllabus import Course, Phase

ARCHIVE = ".minigrad/archive"


@dataclass(frozen=True)
class Archive:
    """Copies of a phase's files: the archive's name, why it was made, and hash by path."""

    name: str
    phase: str
    reason: str
    files: dict[str, str]
    folder: Path


@dataclass(frozen=True)
class Done:
    """What a command did: files it changed, the archive that undoes it, and remarks."""

    changed: tuple[str, ...]
    archive: Archive | None
    remarks: tuple[str, ...] = ()


def archive(course: Course, phase: Phase, reason: str = "asked for") -> Archive | None:
    """Copy a phase's files as they are; None where there is nothing to copy."""
    with one_at_a_time(course.root):
        return _archive(course, phase, reason)


def archives(course: Course, phase: Phase | None = None) -> list[Archive]:
    """Every archive (of one phase), oldest first; damaged ones are left out."""
    entries = []
    for manifest in sorted((course.root / ARCHIVE).glob("*/manifest.json")):
        try:
            content = json.loads(manifest.read_text(encoding="utf-8"))
            entry = Archive(manifest.parent.name, **content, folder=manifest.parent)
        except (OSError, ValueError, TypeError):
            continue
        if phase is None or entry.phase == phase.id:
            entries.append(entry)
    return entries


def reset(course: Course, phase: Phase) -> Done:
    """Put a phase's functions, tests and notebook back to how they were given out.

    The files are archived first. In a file of several phases only this phase's
    functions change; where the file is no Python any more, all of it does.
    """
    with one_at_a_time(course.root):
        kept = _archive(course, phase, "before reset")
        changed, remarks = [], []
        for name in phase.handed_in:
            fresh, path = pristine(course, name), course.root / name
            if fresh is None:
                continue
            before = path.read_bytes() if path.is_file() else None
            after = fresh
            if before is not None and name in phase.files:
                try:
                    text = before.decode("utf-8")
                    after = with_stubs_of(text, fresh.decode(), phase).encode()
                except (SyntaxError, UnicodeDecodeError, ValueError):
                    remarks.append(f"{name} is not valid Python, so all of it was reset")
            if after != before:
                write_whole(path, after)
                changed.append(name)
        return Done(tuple(changed), kept, (*remarks, *_still_open(course, changed)))


def restore(course: Course, phase: Phase, name: str | None = None) -> Done:
    """Put the files of an archive (by default the phase's latest) back, byte for byte.

    What stands there now is archived first. Raises CourseError where there is no
    such archive or a copy in it is damaged; then nothing is changed.
    """
    with one_at_a_time(course.root):
        chosen = _choose(archives(course, phase), phase, name)
        copies = {path: _copy(chosen, path) for path in chosen.files}
        kept = _archive(course, phase, "before restore")
        changed = []
        for path, data in copies.items():
            target = course.root / path
            if not target.is_file() or target.read_bytes() != data:
                write_whole(target, data)
                changed.append(path)
        return Done(tuple(changed), kept, _still_open(course, changed))


def _still_open(course: Course, changed: Iterable[str]) -> tuple[str, ...]:
    """A remark for each changed notebook that Jupyter has open: the page there is another."""
    return tuple(
        f"{name} is open in Jupyter: choose File, Reload Notebook from Disk there; saving it "
        "would bring back what the page still shows"
        for name in changed
        if name.endswith(".ipynb") and has_live_kernel(course.root / name)
    )


def differences(course: Course, phase: Phase, name: str | None = None) -> list[str]:
    """Unified diff from an archive to the files as they are now, as lines."""
    chosen = _choose(archives(course, phase), phase, name)
    lines: list[str] = []
    for path in chosen.files:
        kept, now = _copy(chosen, path), course.root / path
        present = now.read_bytes() if now.is_file() else b""
        name = f"{chosen.name}/{path}"
        if path.endswith(".ipynb"):
            lines += notebook_diff(kept, present, name, path)
        else:
            lines += unified_diff(_lines(kept), _lines(present), name, path, lineterm="")
    return lines


def _choose(entries: Sequence[Archive], phase: Phase, name: str | None) -> Archive:
    if not entries:
        raise CourseError(f"phase {phase.id} has no archive; make one: minigrad archive {phase.id}")
    if name is None:
        return entries[-1]
    for entry in entries:
        if entry.name == name:
            return entry
    raise CourseError(f"there is no archive {name}; see: minigrad archives {phase.id}")


def _archive(course: Course, phase: Phase, reason: str) -> Archive | None:
    present = {n: course.root / n for n in phase.handed_in if (course.root / n).is_file()}
    if not present:
        return None
    try:
        contents = {name: path.read_bytes() for name, path in present.items()}
    except OSError as error:
        raise CourseError(f"{error.filename} can't be read: {error.strerror}") from None
    hashes = {name: sha256(data).hexdigest() for name, data in contents.items()}
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    base = f"{stamp}-{phase.slug}"
    folder, copy = course.root / ARCHIVE / base, 0
    while folder.exists():
        copy += 1
        folder = course.root / ARCHIVE / f"{base}-{copy}"
    for name, data in contents.items():
        write_whole(folder / name, data)
    manifest = {"phase": phase.id, "reason": reason, "files": hashes}
    write_whole(folder / "manifest.json", json.dumps(manifest, indent=1).encode())
    return Archive(folder.name, phase.id, reason, hashes, folder)


def _copy(entry: Archive, path: str) -> bytes:
    try:
        data = (entry.folder / path).read_bytes()
    except OSError as error:
        raise CourseError(f"archive {entry.name}: {path}: {error.strerror}") from None
    if sha256(data).hexdigest() != entry.files[path]:
        raise CourseError(f"archive {entry.name}: the copy of {path} is damaged; choose another")
    return data


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines()
