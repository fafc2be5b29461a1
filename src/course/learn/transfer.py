"""Work that comes in a zip, as `submit` and the site's workbench make it, put into this tree."""

import io
import zipfile
import zlib
from pathlib import Path

from course.errors import CourseError
from course.learn.archive import Done, replace_files
from course.learn.receipts import MOST, names_of
from course.syllabus import Course, Phase
from course.words import brief


def take_in(course: Course, phase: Phase, zip_file: Path, name: str | None = None) -> Done:
    """Put the files of a submission's zip in their places; what stands there now is archived
    first. Raises CourseError, and changes nothing, where it is no such zip; it says `name`, by
    default the file's own."""
    try:
        data = zip_file.read_bytes()
    except OSError as error:
        raise CourseError(f"{zip_file}: {error.strerror}") from None
    return replace_files(course, phase, work_in(course, phase, name or zip_file.name, data))


def work_in(course: Course, phase: Phase, name: str, data: bytes) -> dict[str, bytes]:
    """The files in a submission's zip, by path; `name` is what the zip is called in messages.

    Raises CourseError where it is damaged, too large, or holds what no submission of the phase
    does.
    """
    shown, allowed = brief(name), names_of(course, phase)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            for member in members:
                if member.filename not in allowed:
                    raise CourseError(
                        f"{shown} holds {brief(member.filename)}, which is not part of phase "
                        f"{phase.id}; take the zip in where it was made: in its own phase"
                    )
            if sum(member.file_size for member in members) > MOST:
                raise CourseError(f"{shown}: its files have more than {MOST >> 20} MiB")
            files = {member.filename: packed.read(member) for member in members}
    except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError,
            zipfile.BadZipFile, zlib.error):  # fmt: skip
        raise CourseError(f"{shown} is not a zip that can be read; make it again") from None
    if not files:
        raise CourseError(f"{shown} is empty; make it again")
    for path, content in files.items():
        if path.endswith(".py") and not _is_text(content):
            raise CourseError(f"{shown}: {path} is not UTF-8 text")
    return files


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
