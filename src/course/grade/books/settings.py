"""`nbgrader_config.py` of a class: made once, then the teacher's to edit. It looks for the
gradebook and the exchange beside itself, so that a copy of the class folder uses its own.
"""

import ast
import re
from pathlib import Path

from course.files import write_whole
from course.grade.books.gradebook import DATABASE
from course.words import MINIGRAD

EXCHANGE = "exchange"
HERE = "Path(__file__).resolve().parent"
BESIDE = {  # what a setting says where it follows the folder
    "CourseDirectory.db_url": f'f"sqlite:///{{{HERE} / {DATABASE!r}}}"',
    "Exchange.root": f"str({HERE} / {EXCHANGE!r})",
}
IMPORT = "from pathlib import Path\n"
SETTINGS = """# nbgrader's configuration for this class; made once, yours to edit.
# Start formgrader with: {minigrad} formgrader
{import_}
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "minigrad"
c.CourseDirectory.db_url = {url}
c.Exchange.root = {exchange}
# Late work, where course.toml has no [late]: "none" or "zero", or a plugin of your own; see
# nbgrader's documentation.
c.LateSubmissionPlugin.penalty_method = "none"
"""


def settings(folder: Path, url: str) -> str:
    """The text for a class in a `folder`, whose gradebook is at a `url`."""
    own = url == f"sqlite:///{folder / DATABASE}"
    return SETTINGS.format(
        minigrad=MINIGRAD,
        import_=IMPORT,
        url=BESIDE["CourseDirectory.db_url"] if own else repr(url),
        exchange=BESIDE["Exchange.root"],
    )


def follow_folder(config: Path) -> str:
    """Mend a configuration that names gradebook and exchange by the folder where they once lay, as
    those of before did. Returns the other folder whose gradebook it named, "" if there is none.

    Only lines that were written for a class are changed: a gradebook of this name in a folder with
    an exchange beside it, or in this very folder. Whatever else stands there is the teacher's.
    """
    text = config.read_text(encoding="utf-8")
    url, exchange = (_written(text, name) for name in BESIDE)
    before = Path(url.removeprefix("sqlite:///")).parent
    ours = url == f"sqlite:///{before / DATABASE}" and before.is_absolute()
    here = config.resolve().parent
    if not ours or (before != here and Path(exchange) != before / EXCHANGE):
        return ""
    mended = _replaced(text, "CourseDirectory.db_url")
    if exchange and Path(exchange) == before / EXCHANGE:
        mended = _replaced(mended, "Exchange.root")
    write_whole(config, f"{IMPORT}{mended}")
    return "" if before == here else str(before)


def _line(name: str) -> re.Pattern[str]:
    return re.compile(rf"^c\.{re.escape(name)} = (?P<value>.*)$", re.MULTILINE)


def _written(text: str, name: str) -> str:
    """The text that a setting is set to; "" where it is not set once, or to what is computed."""
    found = _line(name).findall(text)
    try:
        value = ast.literal_eval(found[0]) if len(found) == 1 else ""
    except (ValueError, SyntaxError):
        return ""
    return value if isinstance(value, str) else ""


def _replaced(text: str, name: str) -> str:
    """The text with a setting that follows the folder."""
    return _line(name).sub(lambda _: f"c.{name} = {BESIDE[name]}", text)
