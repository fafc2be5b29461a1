"""Comparing a learner's work with the solution: observations side by side, and the text."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from difflib import HtmlDiff, unified_diff
from html import escape
from pathlib import Path

from course.implementation import Implementation, installed, working_copy
from course.judge import show
from course.learn.celldiff import cell_changes, notebook_diff
from course.learn.pristine import pristine
from course.learn.solution import readable
from course.notebook import CellRunner
from course.observe import Observation
from course.run import Recording, compile_probes, record_all
from course.syllabus import Course, Phase
from course.watchdog import cpu_limit

STYLE = """
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;
max-width:72rem;padding:0 1rem}table{border-collapse:collapse;width:100%}
td,th{padding:.2rem .5rem;text-align:left;vertical-align:top}.wide{overflow-x:auto}
table.observed td{font-family:ui-monospace,monospace;border-top:1px solid #8884}
td{overflow-wrap:anywhere}table.diff{table-layout:fixed}table.diff td{white-space:pre-wrap}
table.diff td,table.diff th{padding:.1rem .3rem}h2,h3{overflow-wrap:anywhere}
.no{color:#d1242f}.yes{color:#1a7f37}td.no,td.yes{overflow-wrap:normal}
table.diff{font:12px/1.4 ui-monospace,monospace}
.diff_header{color:#888}.diff_add{background:#2da44e55}.diff_chg{background:#bf870055}
.diff_sub{background:#cf222e55}.diff_next{display:none}
summary{cursor:pointer;margin:1rem 0}
@media(max-width:40rem){table.diff{font-size:10.5px}table.observed{font-size:12px}
td,th{padding:.2rem .3rem}}
"""

COLUMNS = 2 * '<col class="diff_next"><col style="width:2.4rem"><col>'


@dataclass(frozen=True)
class Compared:
    """One observation: its probe and name, both values as text, and whether they agree."""

    probe: str
    name: str
    mine: str
    solution: str
    equal: bool


def observations(course: Course, phase: Phase, solved: Mapping[str, bytes]) -> list[Compared]:
    """What the phase's visible probes observe on the learner's library and on the solution."""
    mine = working_copy(course.root)
    sources = {Path(n).name: d.decode() for n, d in solved.items() if n in phase.files}
    theirs = mine.with_files("solution", sources)
    recordings = [_record(course, phase, library) for library in (mine, theirs)]
    rows = []
    for probe, recording in recordings[1].items():
        own = recordings[0].get(probe, Recording({}, "error", "did not run"))
        for name, wanted in recording.observations.items():
            found = own.observations.get(name)
            text = show(found.value) if found else f"({own.ending}: {own.detail})"
            equal = found is not None and wanted.agrees(found.value)
            rows.append(Compared(probe, name, text, show(wanted.value), equal))
    return rows + _notebook_rows(course, phase, solved)


def _notebook_rows(course: Course, phase: Phase, solved: Mapping[str, bytes]) -> list[Compared]:
    """What the grading cells of both notebooks observe, each with its own library."""
    if phase.notebook not in solved:
        return []
    mine = working_copy(course.root)
    sources = {Path(n).name: d.decode() for n, d in solved.items() if n.endswith(".py")}
    wanted = _run_notebook(course, solved[phase.notebook], mine.with_files("solution", sources))
    found = _run_notebook(course, _bytes(course.root / phase.notebook), mine)
    return [
        Compared(
            phase.notebook,
            name,
            show(found[name].value) if name in found else "(not observed)",
            show(recordings.value),
            name in found and recordings.agrees(found[name].value),
        )
        for name, recordings in wanted.items()
    ]


def _run_notebook(course: Course, data: bytes, library: Implementation) -> dict[str, Observation]:
    """Run a notebook's code cells as they come, and return what they observe; a cell that
    fails or takes too long does not stop the next."""
    try:
        cells = json.loads(data)["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        return {}
    runner, recordings = CellRunner(), dict[str, Observation]()
    with installed(library), redirect_stdout(io.StringIO()):
        for text in texts:
            with suppress(BaseException), cpu_limit(course.limits.cpu_seconds):
                runner.run(text)
            recordings |= runner.seen
    return recordings


def _record(course: Course, phase: Phase, library: Implementation) -> dict[str, Recording]:
    with installed(library):
        return record_all([compile_probes(course.root / phase.visible, phase.id)])


def text_diff(course: Course, phase: Phase, solved: Mapping[str, bytes]) -> list[str]:
    """Unified diff from the learner's files to the solution's, as lines: of library files the
    phase's part, of notebooks the cells."""
    lines: list[str] = []
    for name, mine, theirs in _texts(course, phase, solved):
        lines += unified_diff(mine, theirs, name, "solution", lineterm="")
    if phase.notebook in solved:
        before, after = _bytes(course.root / phase.notebook), solved[phase.notebook]
        lines += notebook_diff(before, after, phase.notebook, "solution")
    return lines


def _texts(
    course: Course, phase: Phase, solved: Mapping[str, bytes]
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Name, the learner's lines and the solution's, of each library file of the phase: its part of
    it. Tests of one's own have no solution."""
    for name in (n for n in phase.files if n in solved):
        mine, theirs = "\n".join(_lines(course.root / name)), solved[name].decode()
        mine, theirs = _parts(course, phase, name, mine, theirs)
        yield name, mine.splitlines(), theirs.splitlines()


def _parts(course: Course, phase: Phase, name: str, mine: str, theirs: str) -> tuple[str, str]:
    """What the phase asked for in two versions of a library file, and what that calls; all of both
    where the learner's is no Python."""
    stub = (pristine(course, name) or b"").decode()
    try:
        return readable(phase, stub, mine), readable(phase, stub, theirs)
    except (SyntaxError, ValueError, RecursionError):
        return mine, theirs


def page(course: Course, phase: Phase, solved: Mapping[str, bytes], rows: list[Compared]) -> str:
    """A self-contained HTML page: the observations, those that differ first and the others folded,
    and what `text_diff` compares, beside each other."""
    equal, different = ([r for r in rows if r.equal is same] for same in (True, False))
    observed = _observed(different) if different else "<p>No observation differs.</p>"
    if equal:
        heading = f"<summary>{len(equal)} of {len(rows)} observations are equal</summary>"
        observed += f"<details>{heading}{_observed(equal)}</details>"
    maker = HtmlDiff(tabsize=4)
    tables = "".join(
        f"<h2>{escape(name)}</h2><p>What phase {phase.id} asked for, and what that calls.</p>"
        "<div class=wide>" + _table(maker, mine, theirs, only_near=True) + "</div>"
        for name, mine, theirs in _texts(course, phase, solved)
    )
    if phase.notebook in solved:
        cells = _cells(maker, course.root / phase.notebook, solved[phase.notebook])
        tables += f"<h2>{escape(phase.notebook)}</h2>{cells}"
    title = escape(f"{phase.id} {phase.title}: yours and the solution")
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
        "<meta name=viewport content='width=device-width'>"
        f"<style>{STYLE}</style><h1>{title}</h1>{observed}{tables}</html>\n"
    )


def _observed(rows: list[Compared]) -> str:
    """Observations as a table."""
    heads = "".join(f"<th>{h}</th>" for h in ("probe", "name", "yours", "solution", ""))
    cells = "".join(
        f"<tr><td>{escape(r.probe).replace('_', '_<wbr>')}</td><td>{escape(r.name)}</td>"
        f"<td>{escape(r.mine)}</td>"
        f"<td>{escape(r.solution)}</td><td class={'yes' if r.equal else 'no'}>"
        f"{'equal' if r.equal else 'differs'}</td></tr>"
        for r in rows
    )
    return f"<div class=wide><table class=observed><tr>{heads}</tr>{cells}</table></div>"


def _cells(maker: HtmlDiff, path: Path, solution: bytes) -> str:
    """The cells of a notebook that differ, each beside the solution's."""
    changes = cell_changes(_bytes(path), solution)
    if changes is None:
        return "<p>Your notebook is missing, or can't be read.</p>"
    parts = []
    for change in changes:
        where = ""
        if change.before is None:
            where = "only in the solution"
        elif change.after is None:
            where = "only in yours"
        mine, theirs = (change.before or "").splitlines(), (change.after or "").splitlines()
        table = _table(maker, mine, theirs)
        head = f"cell {change.place}, {change.kind}" + (f", {where}" if where else "")
        parts.append(f"<h3>{escape(head)}</h3><div class=wide>{table}</div>")
    return "".join(parts) or "<p>No cell differs.</p>"


def _table(maker: HtmlDiff, mine: list[str], theirs: list[str], only_near: bool = False) -> str:
    """Two texts beside each other, in lines that a narrow screen may break at a blank."""
    table = maker.make_table(mine, theirs, "yours", "solution", only_near, 4)
    table = table.replace("&nbsp;", " ").replace(' nowrap="nowrap"', "")
    return table.replace("<colgroup></colgroup>", "", 6).replace("<thead>", f"{COLUMNS}<thead>", 1)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
