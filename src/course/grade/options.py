"""What can be said on the command line to each of the graders' commands."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

PHASE = 'such as "4", "backward" or "04-backward"'
PHASE_FOLDER = "default: class/<phase>"
GRADEBOOK = "default: SQLite, class/gradebook.db"
POLICIES = (
    "what counts: the last attempt (default), the first, the last in time, "
    "or the one with the most points of those in time, each graded in the sandbox"
)
SHARD = "a share of the class: the first of two (1/2), or by a column of the roster (ta=Kim)"
MIXED = "also where scorecards come from different versions of the probes"
ONLY = "this student only; may be given again"
WHOLE = "also a result.json, of one submission; points rounded down, row by row"


def path_of(text: str) -> Path:
    """A path; an empty one, as an unset variable of a shell gives, is refused."""
    if not text:
        raise ArgumentTypeError("an empty path")
    return Path(text)


def of_grade(parser: ArgumentParser) -> None:
    """`minigrad grade`."""
    _phase_and_paths(parser)
    parser.add_argument("--out", type=path_of, metavar="DIR", help=PHASE_FOLDER)
    parser.add_argument("--only", action="append", metavar="STUDENT", help="grade these only")
    parser.add_argument("--regrade", action="store_true", help="also what is up to date")
    parser.add_argument("--jobs", type=int, metavar="N", help="default: one more than CPUs")
    parser.add_argument(
        "--scheduler", default="", metavar="URL", help="grade on a Dask cluster: tcp://host:8786"
    )
    parser.add_argument("--gradebook", default="", metavar="URL", help=GRADEBOOK)
    parser.add_argument("--no-gradebook", action="store_true", help="write scorecards only")
    parser.add_argument("--junit", type=path_of, metavar="FILE", help="also write JUnit XML")
    parser.add_argument(
        "--gradescope", type=path_of, metavar="FILE", help="also a results.json, of one submission"
    )
    parser.add_argument("--classroom50", type=path_of, metavar="FILE", help=WHOLE)
    parser.add_argument(
        "--unsafe-local", action="store_true", help="grade without a sandbox; marks every card"
    )


def of_collect(parser: ArgumentParser) -> None:
    """`minigrad collect`."""
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("paths", nargs="*", type=path_of, metavar="PATH", help="zips or folders")
    parser.add_argument("--git", type=path_of, metavar="ROSTER", help="who has which remote")
    parser.add_argument("--remote", default="", metavar="URL", help="of an account: …/04-{git}")
    parser.add_argument("--exchange", type=path_of, metavar="ROOT", help="nbgrader's exchange")
    sheet = "Moodle's grading worksheet, for the times; default: one in the download's folder"
    parser.add_argument("--moodle", type=path_of, metavar="SHEET", help=sheet)
    parser.add_argument("--out", type=path_of, metavar="DIR", help=PHASE_FOLDER)
    choices = ("last", "first", "in-time", "best")
    parser.add_argument("--policy", choices=choices, default="last", help=POLICIES)
    parser.add_argument(
        "--unsafe-local", action="store_true", help="with --policy best: grade without a sandbox"
    )


def of_roster(parser: ArgumentParser) -> None:
    """`minigrad roster`."""
    what = "a list of a platform, or a folder of clones"
    parser.add_argument("sources", nargs="*", type=path_of, metavar="SOURCE", help=what)
    _class(parser)


def of_extend(parser: ArgumentParser) -> None:
    """`minigrad extend`."""
    parser.add_argument("student", metavar="STUDENT", help="id, e-mail, account or name")
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("date", metavar="DATE", help="such as 2026-11-27, or with time and offset")
    _class(parser)


def of_forget(parser: ArgumentParser) -> None:
    """`minigrad forget`."""
    parser.add_argument("student", metavar="STUDENT", help="id, e-mail, account or name")
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("--out", type=path_of, metavar="DIR", help=PHASE_FOLDER)
    parser.add_argument("--gradebook", default="", metavar="URL", help=GRADEBOOK)


def _class(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--class", dest="folder", type=path_of, metavar="DIR", help="default: class"
    )


def of_return(parser: ArgumentParser) -> None:
    """`minigrad return`."""
    of_report(parser)
    sheet = "Moodle's grading worksheet: write comments into a copy"
    parser.add_argument("--moodle", type=path_of, metavar="SHEET", help=sheet)
    help = 'the comments\' heading in SHEET; default: "Feedback comments"'
    parser.add_argument("--column", default="", metavar="HEADING", help=help)


def of_report(parser: ArgumentParser) -> None:
    """`minigrad report`."""
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("--out", type=path_of, metavar="DIR", help=PHASE_FOLDER)
    parser.add_argument("--gradebook", default="", metavar="URL", help=GRADEBOOK)
    parser.add_argument(
        "--open-hidden", action="store_true", help="show the hidden probes in the feedback"
    )
    parser.add_argument("--mixed", action="store_true", help=MIXED)


def of_export(parser: ArgumentParser) -> None:
    """`minigrad export`."""
    parser.add_argument("phase", help=PHASE)
    sheet = parser.add_mutually_exclusive_group(required=True)
    sheet.add_argument("--canvas", type=path_of, metavar="FILE", help="Canvas' gradebook, exported")
    sheet.add_argument("--moodle", type=path_of, metavar="FILE", help="Moodle's grading worksheet")
    parser.add_argument("--to", type=path_of, metavar="FILE", help="default: FILE-filled.csv")
    parser.add_argument("--column", default="", metavar="HEADING", help="where it is not clear")
    parser.add_argument("--scale", action="store_true", help="convert to the platform's maximum")
    parser.add_argument("--only", action="append", default=[], metavar="STUDENT", help=ONLY)
    help = "0 for people of the roster who handed in nothing"
    parser.add_argument("--zero-missing", action="store_true", help=help)
    parser.add_argument("--dry-run", action="store_true", help="say what would change")
    parser.add_argument("--out", type=path_of, metavar="DIR", help=PHASE_FOLDER)
    parser.add_argument("--gradebook", default="", metavar="URL", help=GRADEBOOK)
    parser.add_argument("--mixed", action="store_true", help=MIXED)


def of_term(parser: ArgumentParser) -> None:
    """`minigrad term`."""
    _class(parser)
    parser.add_argument("--gradebook", default="", metavar="URL", help=GRADEBOOK)
    parser.add_argument("--mixed", action="store_true", help=MIXED)


def of_waiting(parser: ArgumentParser) -> None:
    """`minigrad waiting`."""
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("--shard", default="", metavar="SHARE", help=SHARD)
    parser.add_argument("--out", type=path_of, metavar="DIR", help=PHASE_FOLDER)
    parser.add_argument("--gradebook", default="", metavar="URL", help=GRADEBOOK)
    parser.add_argument("--mixed", action="store_true", help=MIXED)


def of_similar(parser: ArgumentParser) -> None:
    """`minigrad similar`."""
    _phase_and_paths(parser)
    parser.add_argument("--out", type=path_of, metavar="DIR", help="default: class/<phase>/similar")
    parser.add_argument(
        "--least", type=float, default=0.6, metavar="SHARE", help="from 0 to 1; default: 0.6"
    )
    help = "earlier years' submissions, compared with these; may be given again"
    parser.add_argument(
        "--against", type=path_of, action="append", default=[], metavar="FOLDER", help=help
    )


def of_bundle(parser: ArgumentParser) -> None:
    """`minigrad bundle`."""
    parser.add_argument("phase", help=PHASE)
    parser.add_argument(
        "--out", type=path_of, metavar="FILE", help="default: gradescope-<phase>.zip"
    )


def of_formgrader(parser: ArgumentParser) -> None:
    """`minigrad formgrader`."""
    parser.add_argument(
        "--class", dest="folder", type=path_of, metavar="DIR", help="default: class"
    )
    parser.add_argument("--port", type=int, metavar="N", help="default: 8888, or the next free one")
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address, open no browser"
    )
    parser.add_argument("--shard", default="", metavar="SHARE", help=SHARD)


def _phase_and_paths(parser: ArgumentParser) -> None:
    parser.add_argument("phase", help=PHASE)
    parser.add_argument("paths", nargs="+", type=path_of, metavar="PATH", help="zips or folders")
