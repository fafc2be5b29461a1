"""HTML from scorecards: a student's feedback, and the class at a glance.

Self-contained pages that need no network; Jinja2 escapes everything.
"""

import ast
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean, median
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from course.borrowed import sources_of
from course.grade.books.classroom import file_cell
from course.grade.books.decisions import Decisions
from course.grade.books.gradebook import OWN_TESTS, cell_name
from course.grade.books.grades import BookGrades
from course.grade.intake.submission import Submission
from course.grade.marking.remarks import for_student
from course.grade.marking.scorecard import ProbeScore, Scorecard
from course.grade.report.charts import Dot, histogram
from course.grade.report.concepts import concept_rows
from course.grade.report.counterexample import shown
from course.grade.report.delivery import Delivery
from course.grade.report.discrimination import ProbeRow, probe_rows
from course.grade.report.graded_notebook import shown_cells, styles
from course.grade.report.groups import groups_of, shown_pairs
from course.grade.report.hidden import as_shown
from course.grade.report.parts import NOTEBOOK_WORDS, PROBE_WORDS, parts_of, words_for_tests
from course.grade.report.side_by_side import file_pairs
from course.grade.report.similarity import Pair, page_of
from course.grade.report.stale import compared
from course.grade.roster import Roster
from course.parsing import parse
from course.source.mutants import read_mutants
from course.syllabus import Course, Phase

NOBODY = Roster()
TEMPLATES = Path(__file__).with_name("templates")
READING = 4


@dataclass(frozen=True)
class Belief:
    """A misconception and how many students seem to hold it."""

    text: str
    theory: str
    count: int


def feedback_page(
    course: Course,
    card: Scorecard,
    grades: BookGrades | None = None,
    notebook: Path | None = None,
    sources: Mapping[str, str] | None = None,
    delivery: Delivery | None = None,
) -> str:
    """What one student reads: points by concept, what to read next, probe by probe, and the
    autograded `notebook` with what the gradebook holds about it (`grades`). `sources` are the
    sources of hidden probes by id, where the instructor lets students see them; `delivery` says
    when it was handed in."""
    whole, card = card, as_shown(card, course.feedback)
    comments = grades.remarks if grades else {}
    phase = course.phase(card.phase)
    lost = Counter[str]()
    for probe in card.probes:
        lost[probe.concept] += round(100 * (probe.max_points - probe.points))
    rows = concept_rows(course, card)
    names = {row.name for row in rows}
    own, sums = card.student_tests, parts_of(card, grades)
    beliefs = {mutant.id: mutant.misconception for mutant in read_mutants(course, phase)}
    return render(
        "feedback.html",
        phase=phase,
        card=card,
        sums=sums,
        delivery=delivery,
        comments=comments,
        cell_name=cell_name,
        row_of={probe.id: row for row, probe in enumerate(whole.probes, 1)},
        summed_comments=_comments_on(set(whole.probes) - set(card.probes), comments),
        file_comments=[
            (name, comments[file_cell(name)])
            for name in (*phase.files, phase.student_tests)
            if file_cell(name) in comments
        ],
        wrong=shown(course.root, card.counterexample) if card.counterexample else None,
        remarks=for_student(card.flags),
        probe_words=PROBE_WORDS,
        how_sure=_how_sure,
        own_comment=comments.get(OWN_TESTS, ""),
        own_words=_sentence(words_for_tests(own)) if own else "",
        notebook_words=_sentence(NOTEBOOK_WORDS[card.notebook.status]) if card.notebook else "",
        concepts=rows,
        reading=[
            course.concepts[name] for name, n in lost.most_common(READING) if n and name in names
        ],
        surviving=[beliefs.get(name, name) for name in (own.surviving if own else ())],
        grades=grades or BookGrades(),
        cells=shown_cells(notebook, grades or BookGrades()) if notebook else [],
        sources=sources or {},
        breakable=_breakable,
        code_styles=Markup(styles()),
        rule=course.late.words if course.late else "",
        request=request_link(course, phase, card.student),
    )


def request_link(course: Course, phase: Phase, student: str) -> str:
    """Where a student asks for another look, from course.toml; "" where it does not say."""
    where = course.term.regrade
    if "@" not in where or where.startswith("http"):
        return where
    subject = quote(f"{course.title} {phase.id}, {student}: please look again")
    body = quote("Which row, and why do you think that it is right?\n\n")
    return f"mailto:{where.removeprefix('mailto:')}?subject={subject}&body={body}"


def _comments_on(probes: Collection[ProbeScore], comments: Mapping[str, str]) -> list[str]:
    """What people wrote on probes that are not shown one by one, in alphabetical order."""
    names = {cell_name(probe.id) for probe in probes if not probe.visible}
    return sorted(comments[name] for name in names if name in comments)


def hidden_sources(course: Course, phase: Phase) -> dict[str, str]:
    """The source of each hidden probe of a phase by its id, also of those that it borrows from
    earlier phases."""
    own, sources = course.root / phase.hidden, dict[str, str]()
    for path in sources_of(own):
        text = path.read_text(encoding="utf-8")
        lines, earlier = text.splitlines(), "" if path == own else f"{path.name[5:7]}_"
        for node in parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                name = f"{phase.id}.{earlier}{node.name.removeprefix('test_')}"
                sources[name] = "\n".join(lines[node.lineno - 1 : node.end_lineno])
    return sources


def report_page(
    phase: Phase,
    cards: Sequence[Scorecard],
    pairs: Sequence[Pair] | None = None,
    roster: Roster = NOBODY,
    delivered: Mapping[str, Delivery] | None = None,
    grades: Mapping[str, BookGrades] | None = None,
    decisions: Decisions | None = None,
) -> str:
    """What a teacher reads: everybody's points, the distribution, misconceptions, which probes
    tell, and which `pairs` look alike (None where the submissions were not compared).

    Who has withdrawn, by the `roster`, counts for nothing in it and is named. `delivered` says
    when students handed in. The cards are those that count; `grades` is what the gradebook has,
    by student, and `decisions` what people decided.
    """
    withdrawn = sorted(roster.withdrawn)
    cards = [card for card in cards if card.student not in withdrawn]
    absent = [person for person in roster.present if person.id not in {c.student for c in cards}]
    sums = {card.student: parts_of(card, (grades or {}).get(card.student)) for card in cards}
    best_first = sorted(cards, key=lambda card: (-sums[card.student].total.earned, card.student))
    times = [float(card.timing.get("cpu_seconds", 0)) for card in cards]
    rows = probe_rows(cards)
    points = [card.points for card in cards]
    most = max((card.max_points for card in cards), default=0)
    named = Counter((m.text, m.theory) for card in cards for m in card.misconceptions)
    return render(
        "report.html",
        phase=phase,
        rows=[(card, sums[card.student]) for card in best_first],
        pardons=decisions.pardons if decisions else (),
        grants=decisions.grants if decisions else (),
        submissions=len(cards),
        most=most,
        mean=mean(points) if points else 0,
        median=median(points) if points else 0,
        flagged=[card for card in cards if card.flags],
        scores=histogram(points, most, median(points) if points else 0),
        times=histogram(times, max(times, default=0), median(times) if times else 0),
        versions=len({card.suite for card in cards}),
        misconceptions=[Belief(t, theory, n) for (t, theory), n in named.most_common()],
        probes=rows,
        dots=dots(rows),
        withdrawn=withdrawn,
        absent=absent,
        names={person.id: person.name for person in roster.people},
        delivered=delivered or {},
        late=sum(one.late for one in (delivered or {}).values()),
        groups=None if pairs is None else groups_of(pairs),
        paged=set(shown_pairs(pairs or ())),
        page_of=page_of,
        breakable=_breakable,
    )


def pair_page(
    pair: Pair, one: Submission, other: Submission, stubs: Mapping[str, str] | None = None
) -> str:
    """The files of two submissions beside each other; what stands in the `stubs`, by bare name,
    everybody was given."""
    files = file_pairs(one.files, other.files, stubs)
    return render("pair.html", pair=pair, files=files, compared=compared(one, other))


def dots(rows: Sequence[ProbeRow]) -> list[Dot]:
    """Where each probe stands between easy and hard, and how well it tells strong from weak."""
    places: dict[tuple[int, float, str], list[str]] = {}
    for row in rows:
        places.setdefault((row.rate, round(row.discrimination, 2), row.remark), []).append(row.id)
    return [
        Dot(tuple(names), rate / 100, (discrimination + 1) / 2, remark)
        for (rate, discrimination, remark), names in places.items()
    ]


def _how_sure(confidence: float) -> str:
    """How well the results fit a misconception, in words."""
    if confidence > 0.99:
        return "Every result fits this."
    return f"{round(100 * confidence)} % of what was observed fits this."


def _percent(share: float) -> int:
    return round(100 * share)


def _breakable(name: str) -> Markup:
    """A name in code that may be broken after an underscore, on a narrow screen."""
    return escape(name).replace("_", Markup("_<wbr>"))


def _sentence(words: str) -> str:
    """Words with a capital at their start."""
    return words[:1].upper() + words[1:]


def render(template: str, **values: object) -> str:
    """A page from a template of this room; everything in it is escaped."""
    return _templates().get_template(template).render(percent=_percent, **values)


@cache
def _templates() -> Environment:
    """The templates of this room, each compiled once for all pages of a class."""
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
