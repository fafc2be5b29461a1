"""Comparing a learner's work with the solution: observations side by side, and the text."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import HtmlDiff, unified_diff
from html import escape
from pathlib import Path

from course.implementation import Implementation, installed, working_copy
from course.judge import show
from course.run import Recording, compile_probes, record_all
from course.syllabus import Course, Phase

STYLE = """
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;
max-width:72rem;padding:0 1rem}table{border-collapse:collapse;width:100%}
td,th{padding:.2rem .5rem;text-align:left;vertical-align:top}.wide{overflow-x:auto}
table.observed td{font-family:ui-monospace,monospace;border-top:1px solid #8884}
.no{color:#d1242f}.yes{color:#1a7f37}table.diff{font:12px/1.4 ui-monospace,monospace}
.diff_header{color:#888}.diff_add{background:#2da44e55}.diff_chg{background:#bf870055}
.diff_sub{background:#cf222e55}.diff_next{display:none}
"""


@dataclass(frozen=True)
class Row:
    """One observation: its probe and name, both values as text, and whether they agree."""

    probe: str
    name: str
    mine: str
    solution: str
    equal: bool


def observations(course: Course, phase: Phase, solved: Mapping[str, bytes]) -> list[Row]:
    """What the phase's visible probes observe on the learner's library and on the solution."""
    mine = working_copy(course.root)
    sources = {Path(n).name: d.decode() for n, d in solved.items() if n in phase.files}
    theirs = mine.with_files("solution", sources)
    seen = [_record(course, phase, library) for library in (mine, theirs)]
    rows = []
    for probe, recording in seen[1].items():
        own = seen[0].get(probe, Recording({}, "error", "did not run"))
        for name, wanted in recording.observations.items():
            found = own.observations.get(name)
            text = show(found.value) if found else f"({own.ending}: {own.detail})"
            equal = found is not None and wanted.agrees(found.value)
            rows.append(Row(probe, name, text, show(wanted.value), equal))
    return rows


def _record(course: Course, phase: Phase, library: Implementation) -> dict[str, Recording]:
    with installed(library):
        return record_all([compile_probes(course.root / phase.visible, phase.id)])


def text_diff(course: Course, solved: Mapping[str, bytes]) -> list[str]:
    """Unified diff from the learner's files to the solution's, as lines."""
    lines: list[str] = []
    for name, data in solved.items():
        before = _lines(course.root / name)
        lines += unified_diff(before, data.decode().splitlines(), name, "solution", lineterm="")
    return lines


def page(course: Course, phase: Phase, solved: Mapping[str, bytes], rows: list[Row]) -> str:
    """A self-contained HTML page: the observations, and each file beside the solution's."""
    cells = "".join(
        f"<tr><td>{escape(r.probe)}</td><td>{escape(r.name)}</td><td>{escape(r.mine)}</td>"
        f"<td>{escape(r.solution)}</td><td class={'yes' if r.equal else 'no'}>"
        f"{'equal' if r.equal else 'differs'}</td></tr>"
        for r in rows
    )
    maker = HtmlDiff(tabsize=4, wrapcolumn=76)
    tables = "".join(
        f"<h2>{escape(name)}</h2><div class=wide>"
        + maker.make_table(
            _lines(course.root / name), data.decode().splitlines(), "yours", "solution", True, 4
        )
        + "</div>"
        for name, data in solved.items()
        if name.endswith(".py")
    )
    title = escape(f"{phase.id} {phase.title}: yours and the solution")
    heads = "".join(f"<th>{h}</th>" for h in ("probe", "name", "yours", "solution", ""))
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
        "<meta name=viewport content='width=device-width'>"
        f"<style>{STYLE}</style><h1>{title}</h1><div class=wide><table class=observed>"
        f"<tr>{heads}</tr>{cells}</table></div>{tables}</html>\n"
    )


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
