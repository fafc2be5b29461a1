"""Whose file it is, by the names that Canvas and Moodle give to what they hand out.

Canvas (`lib/content_zipper.rb`) has no folders: `examplean_LATE_51000_880100_04-backward.zip` is
the name as it is sorted, whether late, the user's id, the file's id, and what the student called
it. Moodle (`mod_assign\\downloader`) has `Ann Example_3100_assignsubmission_file/`, a folder or
the beginning of a file's name, with the participant's number in this assignment; a team has its
own number, and the team of all others none. What stands behind these parts is the student's
choice and says nothing about who it is.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from course.grade.intake.ids import student_id

CANVAS = re.compile(
    r"(?:(?P<student>(?!anon_|LATE_anon_).+?)(?P<late>_LATE)?_(?P<user>\d+)"
    r"|(?P<hidden_late>LATE_)?(?P<hidden>anon_[^_]+))"
    r"_(?:(?P<file>\d+)_(?P<name>.+)|(?P<typed>(?:text|link)\.html))"
)
MOODLE = re.compile(
    r"(?P<student>[^_]+)(?:_(?P<user>\d+))?_assignsubmission_(?P<kind>file|[a-z]+)_?(?P<name>.*)"
)
# What Moodle calls everybody whose name is hidden ("participant" in mod_assign's languages).
PARTICIPANT = (
    *("participant", "teilnehmerin", "teilnehmer", "participante", "deelnemer", "partecipante"),
    *("uczestnik", "deltagare", "deltaker", "deltager", "osallistuja", "katılımcı", "účastník"),
    *("résztvevő", "participantă", "учасник", "участник", "参加者", "参与者", "참여자", "مشارك"),
)
APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc`")


@dataclass(frozen=True)
class Sender:
    """Whom a platform says something is from: its name for them, and its number ("" for none).

    `platform` is "canvas" or "moodle", or "" where a plain name is all there is.
    """

    name: str
    platform: str = ""
    number: str = ""

    @property
    def base(self) -> str:
        """The student's id as the name alone gives it."""
        name = unicodedata.normalize("NFC", self.name)
        if self.platform == "moodle":
            name = re.sub(r"\s+", ".", name.translate(APOSTROPHES).strip().lower())
        return student_id(name)[0]

    @property
    def is_hidden(self) -> bool:
        """Whether the name is the same for everybody, as in blind marking."""
        plain = unicodedata.normalize("NFC", self.name).casefold()
        return self.platform == "moodle" and re.sub(r"\W", "", plain) in PARTICIPANT


@dataclass(frozen=True)
class Named:
    """A platform's name, read: from whom, what the student called the file, whether the platform
    calls it late, the number of the file (0 for none), and whether it is a text typed there."""

    sender: Sender
    name: str = ""
    late: bool = False
    order: int = 0
    typed: bool = False


def of_file(name: str) -> Named | None:
    """What a platform's name of a file says; None where it is no such name."""
    if moodle := MOODLE.fullmatch(name):
        return _of_moodle(moodle) if moodle["name"] else None
    if canvas := CANVAS.fullmatch(name):
        sender = Sender(canvas["hidden"] or canvas["student"], "canvas", canvas["user"] or "")
        late = bool(canvas["late"] or canvas["hidden_late"])
        typed = canvas["typed"] or ""
        return Named(sender, canvas["name"] or typed, late, int(canvas["file"] or 0), bool(typed))
    return None


def of_folder(name: str) -> Named | None:
    """What a platform's name of a folder says; None where it is no such name."""
    moodle = MOODLE.fullmatch(name)
    return _of_moodle(moodle) if moodle and not moodle["name"] else None


def of_place(folder: str, name: str) -> Named | None:
    """What a platform's names of a file and its folder say; None where they are no such names.
    In a folder, that of the file is the student's choice, also in a folder of no platform."""
    return of_folder(folder) if folder else of_file(name)


def is_download(names: Sequence[str]) -> bool:
    """Whether such names, of files or folders, are a platform's for the most part: one that a
    student chose decides nothing."""
    given = [name for name in names if of_file(name) or of_folder(name)]
    return len(given) > len(names) / 2


def student_of(name: str) -> tuple[str, bool]:
    """Whose file this is, by its name alone; and whether the platform says late."""
    named = of_file(name) or of_folder(name)
    if named:
        return named.sender.base, named.late
    return Sender(re.sub(r"\.zip$", "", name, flags=re.IGNORECASE)).base, False


def _of_moodle(match: re.Match[str]) -> Named:
    sender = Sender(match["student"], "moodle", match["user"] or "")
    return Named(sender, match["name"], typed=match["kind"] != "file")
