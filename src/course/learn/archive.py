"""Archive, reset, restore: nothing a student wrote is ever lost.

An archive is a folder under .minigrad/archive/ with copies of a phase's files and
a manifest with their hashes. Resetting archives first, and restoring archives what
it is about to replace; every step can be undone.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
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
from course.words import MINIGRAD

ARCHIVE = ".minigrad/archive"


@dataclass(frozen=True)
class Archive:
    """Copies of a phase's files: the archive's name, why it was made, and hash by path."""

    name: str
    phase: str
    reason: str
    files: dict[str, str]
    folder: Path

    @property
    def made(self) -> datetime:
        """When it was made, by the beginning of its name."""
        return datetime.strptime(self.name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Done:
    """What a command did: files it changed, the archive that undoes it, remarks, and for a
    restore the archive whose files are back."""

    changed: tuple[str, ...]
    archive: Archive | None
    remarks: tuple[str, ...] = ()
    source: Archive | None = None


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

    The files are archived first, unless nothing has to change. In a file of several phases
    only this phase's functions change; where the file is no Python any more, all of it does.
    Raises CourseError where a file can't be written; then all are as they were.
    """
    with one_at_a_time(course.root):
        fresh, remarks = dict[str, bytes](), list[str]()
        for name in phase.handed_in:
            given = pristine(course, name)
            if given is None:
                continue
            now = _now(course, name)
            after, readable = _reset(phase, name, given, now)
            if not readable:
                remarks.append(f"{name} is not valid Python, so all of it was reset")
            if after != now:
                fresh[name] = after
        if not fresh:
            return Done((), None)
        kept = _archive(course, phase, "before reset")
        _write_all(course, fresh, kept)
        return Done(tuple(fresh), kept, (*remarks, *_still_open(course, fresh)))


def _reset(phase: Phase, name: str, fresh: bytes, now: bytes | None) -> tuple[bytes, bool]:
    """What a file is after a reset; and whether what is there could be read as Python."""
    if now is None or name not in phase.files:
        return fresh, True
    try:
        return with_stubs_of(now.decode("utf-8"), fresh.decode(), phase).encode(), True
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return fresh, False


def restore(course: Course, phase: Phase, name: str | None = None) -> Done:
    """Put the files of an archive back, byte for byte; by default the phase's latest that holds
    work (more than what was given out) and differs from what is there.

    What stands there now is archived first. Raises CourseError where there is no
    such archive, a copy in it is damaged, or a file can't be written; then nothing is changed.
    """
    with one_at_a_time(course.root):
        entries = archives(course, phase)
        if name is None:
            work = [entry for entry in entries if _is_work(course, phase, entry)]
            same = [entry for entry in entries if is_now(course, entry)]
            chosen = _choose(course, phase, work or same or entries, None)
        else:
            chosen = _choose(course, phase, entries, name)
        copies = {path: _copy(chosen, path) for path in chosen.files}
        different = {path: d for path, d in copies.items() if d != _now(course, path)}
        if not different:
            return Done((), None, source=chosen)
        kept = _archive(course, phase, "before restore", different)
        _write_all(course, different, kept)
        return Done(tuple(different), kept, _still_open(course, different), chosen)


def replace_files(course: Course, phase: Phase, contents: Mapping[str, bytes]) -> Done:
    """Put other contents into files that belong to a student; what stands there is archived
    first. Raises CourseError where a file can't be written; then nothing is changed."""
    with one_at_a_time(course.root):
        different = {path: d for path, d in contents.items() if d != _now(course, path)}
        if not different:
            return Done((), None)
        kept = _archive(course, phase, "before taking in a zip", different)
        _write_all(course, different, kept)
        return Done(tuple(different), kept, _still_open(course, different))


def is_now(course: Course, entry: Archive) -> bool:
    """Whether an archive's files are what stands there now."""
    now = {path: _now(course, path) for path in entry.files}
    return all(
        data is not None and sha256(data).hexdigest() == entry.files[path]
        for path, data in now.items()
    )


def _is_work(course: Course, phase: Phase, entry: Archive) -> bool:
    """Whether an archive holds something of this phase that is neither as it was given out nor
    as it is now."""
    if is_now(course, entry):
        return False
    for path in entry.files:
        given, kept = pristine(course, path), _copy(entry, path)
        if given is not None and _reset(phase, path, given, kept)[0] != kept:
            return True
    return False


def _now(course: Course, name: str) -> bytes | None:
    """A file's content; None where there is none. Raises CourseError where it can't be read."""
    try:
        return (course.root / name).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CourseError(f"{name} can't be read: {error.strerror}; nothing was changed") from None


def _write_all(course: Course, contents: Mapping[str, bytes], kept: Archive | None) -> None:
    """Write all files or none: where one can't be written, those before it are put back."""
    before = {name: _now(course, name) for name in contents}
    written: list[str] = []
    try:
        for name, data in contents.items():
            write_whole(course.root / name, data)
            written.append(name)
    except BaseException as error:
        for name in written:
            data_before = before[name]
            if data_before is None:
                (course.root / name).unlink()
            else:
                write_whole(course.root / name, data_before)
        if isinstance(error, CourseError) and kept is not None:
            raise CourseError(f"{error}; your files are also kept as {kept.name}") from None
        raise


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
    chosen = _choose(course, phase, archives(course, phase), name)
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


def _choose(course: Course, phase: Phase, entries: Sequence[Archive], name: str | None) -> Archive:
    """The archive that a name, or the beginning of one, means; without a name the latest."""
    listed = f"{MINIGRAD} archives {phase.id}"
    if not entries:
        raise CourseError(
            f"phase {phase.id} has no archive; make one: {MINIGRAD} archive {phase.id}"
        )
    if not name:
        return entries[-1]
    meant = [entry for entry in entries if entry.name == name] or [
        entry for entry in entries if entry.name.startswith(name)
    ]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise CourseError(f"{len(meant)} archives begin with {name}; see: {listed}")
    others = [entry.phase for entry in archives(course) if entry.name.startswith(name)]
    if others:
        way = f"{MINIGRAD} restore {others[0]} {name}"
        raise CourseError(f"{name} is an archive of phase {others[0]}, not of {phase.id}: {way}")
    raise CourseError(f"phase {phase.id} has no archive {name}; see: {listed}")


def _archive(
    course: Course, phase: Phase, reason: str, further: Iterable[str] = ()
) -> Archive | None:
    """Copy a phase's files, and `further` ones that are about to change."""
    names = dict.fromkeys((*phase.handed_in, *further))
    present = {n: course.root / n for n in names if (course.root / n).is_file()}
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
