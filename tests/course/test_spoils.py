"""A mistake in Value excuses what it spoils, and nothing else."""

import contextlib
import io
from dataclasses import replace

import pytest

from course.author import spoils
from course.author.spoils import missing_spoils, only_of, recorded_entries, spoils_text
from course.grade.marking.failing import ProbeRun, basis_for, verdicts_of
from course.grade.marking.scoring import outcomes_of, scores_of
from course.grade.marking.suite import Suite
from course.implementation import installed, reference
from course.learn import results
from course.recorded import SPOILS, USES, recorded_uses
from course.run import record_all
from course.spoils import Spoiler, likely_ones, recorded_spoilers

AN_INT = ("self.data = float(data)", "self.data = data")
A_SET = ("self._prev = tuple(_prev)", "self._prev = set(_prev)")
ANYTHING = (
    "        if not isinstance(data, Real):\n"
    '            raise TypeError(f"Value takes a real number, not '
    '{type(data).__name__}: {data!r}")\n',
    "",
)
NO_TEXT_ABOUT_IT = ("a real number, not {type(data).__name__}: {data!r}", "numbers")
NOT_CLEARED = (
    "            if node._prev:\n                node.grad = 0.0\n",
    "            pass\n",
)
NO_SET = ("for parent in reversed(node._prev)", "for parent in node._prev")
SWAPPED = ("return as_value(other) - self", "return self - as_value(other)")
NO_SIGN = ("self.data = float(data)", "self.data = abs(float(data))")
ACCEPTED = ("self.data <= 0", "False")  # what math.log says then does not name the value


def engine(course, *edits):
    whole = reference(course.root)
    text = whole.source("scalar.py")
    for find, replacement in edits:
        assert text.count(find) == 1, find
        text = text.replace(find, replacement)
    return whole.with_files("wrong", {"scalar.py": text})


def ended(course, phase, wrong):
    """By probe of a phase, how it ends in a grading without walls."""
    suite = Suite(course, course.phase(phase), b"secret")
    seed = suite.seed_for("a submission")
    with installed(wrong):
        run = ProbeRun(record_all(suite.files, seed, 2.0), (), 0.0, seed)
        verdicts = verdicts_of(suite, run)
        failed = [probe for probe, verdict in verdicts.items() if not verdict.passed]
        basis = record_all(suite.basis_files, seed, 2.0)
    basis = {probe: basis[probe] for probe in basis_for(suite, failed)}
    return outcomes_of(suite, replace(run, basis=basis), verdicts)


def test_a_method_that_is_not_there_is_not_written_yet(course):
    """The card says what `minigrad test` says; an exception would be looked for in vain."""
    suite = Suite(course, course.phase("05"), b"secret")
    seed = suite.seed_for("a submission")
    with installed(engine(course, ("    def log(", "    def ln("))):
        run = ProbeRun(record_all(suite.files, seed, 2.0), (), 0.0, seed)
    scores = {s.id: s for s in scores_of(suite, run, verdicts_of(suite, run))}
    assert scores["05.log_at_random"].status == "error"
    assert scores["05.log_at_random"].message == "Value.log is not written yet"


@pytest.mark.parametrize("value", [(AN_INT,), (AN_INT, ANYTHING), (AN_INT, NO_TEXT_ABOUT_IT)])
def test_a_mistake_in_value_is_no_excuse_for_what_it_leaves_alone(course, value):
    """Real learners make both: an int stays an int, text is taken, and nothing is cleared."""
    found = ended(course, "04", engine(course, *value, NOT_CLEARED))
    assert found["04.three_times"].status == found["04.twice_is_double"].status == "failed"
    found = ended(course, "03", engine(course, *value, SWAPPED))
    assert found["03.number_minus_value"].status == "failed"
    found = ended(course, "05", engine(course, *value, ACCEPTED))
    assert found["05.log_outside_its_domain"].status == "failed"


def test_a_set_is_no_excuse_for_what_is_not_cleared(course):
    found = ended(course, "04", engine(course, A_SET, NO_SET, AN_INT, NOT_CLEARED))
    assert found["04.three_times"].status == "failed"


def test_an_int_is_no_excuse_for_recursion(course):
    """Probes of size are not run on known mistakes: what leaves small graphs alone leaves chains
    alone."""
    order = (
        "    nodes, met, stack = [], set(), [(root, False)]\n",
        "    def visit(node):\n"
        "        if node not in met:\n"
        "            met.add(node)\n"
        "            for parent in node._prev:\n"
        "                visit(parent)\n"
        "            nodes.append(node)\n"
        "    nodes, met = [], set()\n"
        "    visit(root)\n"
        "    return nodes\n"
        "    stack = []\n",
    )
    for mistakes in ((AN_INT, ANYTHING), (A_SET, NOT_CLEARED)):  # a set spoils what reverses it
        found = ended(course, "04", engine(course, *mistakes, order))
        assert found["04.order_without_recursion"].status == "failed"
        assert found["04.order_of_a_deep_chain"].status == "error"


def test_what_it_spoils_is_excused(course):
    """Whoever takes text adds text, too, and is told of it once."""
    found = ended(course, "03", engine(course, AN_INT, ANYTHING))
    assert found["03.what_is_no_summand"].status == "skipped"
    assert found["03.what_is_no_summand"].counts


def test_a_repr_is_no_excuse_for_anything(course):
    """The reference's message shows what it was given, by its repr."""
    text = 'return f"Value(data={self.data}, grad={self.grad})"'
    own = (text, 'return f"<{self.data} with a gradient of {self.grad}>"')
    found = ended(course, "02", engine(course, own, ANYTHING))
    assert found["02.real_numbers_only"].status == found["02.what_is_refused"].status == "failed"


def test_a_mistake_that_nobody_knows_may_spoil_anything(course):
    """No mutant loses the sign."""
    found = ended(course, "04", engine(course, NO_SIGN, NOT_CLEARED))
    assert found["04.twice_is_double"].status == "skipped"


def test_the_learner_reads_the_same(course, monkeypatch):
    wrong = engine(course, AN_INT, NOT_CLEARED)
    monkeypatch.setattr(results, "working_copy", lambda root: wrong)
    with contextlib.redirect_stdout(io.StringIO()):
        found = results.run_phase(course, course.phase("04"))
    status = {result.probe: result.status for result in found}
    assert status["04.twice_is_double"] == "failed"


ORDER = {"v.a": ["number", "kept", "text raises"], "v.b": ["type"]}
KNOWN = [
    Spoiler("value", {"v.b": {"type": "int"}}, {}),
    Spoiler("value", {"v.a": {"number": 1.0}}, {"failed": frozenset({"w"})}),
    Spoiler("value", {"v.a": {"kept": False}}, {"failed": frozenset({"x"})}),
    Spoiler("value", {"v.a": {"text raises": "nothing"}}, {"failed": frozenset({"y"})}),
]


@pytest.mark.parametrize(
    ("shown", "likely"),
    [
        ({"v.b": {"type": "int"}}, KNOWN[:1]),
        ({"v.b": {"type": "str"}}, None),  # another type is another mistake
        ({"v.a": {"number": 7.0}}, KNOWN[1:2]),  # numbers depend on the rest of the engine
        ({"v.a": {"number": 7.0, "unheard of": 1.0}}, None),
        ({"v.a": {"text raises": "ValueError"}}, KNOWN[3:]),
        ({"v.a": {"how it ended": "error TypeError", "before": "kept"}}, None),
    ],
)
def test_which_mistakes_are_likely(shown, likely):
    assert likely_ones(shown, ORDER, KNOWN) == likely


def test_what_an_exception_hides_is_thought_of_where_nothing_else_explains_it():
    stops = {"v.a": {"number": 2.0, "how it ended": "error TypeError", "before": "kept"}}
    alike = Spoiler("value", {"v.a": {"how it ended": "error ValueError", "before": "kept"}}, {})
    assert likely_ones(stops, ORDER, [*KNOWN, alike]) == [KNOWN[1], alike]
    hidden = {"v.a": {"number": 2.0, "before": "kept"}, "v.b": {"type": "int"}}
    both = Spoiler("value", {"v.a": {"text raises": "nothing"}, "v.b": {"type": "int"}}, {})
    assert likely_ones(hidden, ORDER, [KNOWN[1], both]) == [KNOWN[1], both]


def test_every_mistake_of_the_earliest_phase_is_in_the_table(course, monkeypatch, tmp_path):
    assert missing_spoils(course) == []
    known = recorded_entries(course)
    monkeypatch.setattr(spoils, "recorded_entries", lambda _: dict(list(known.items())[1:]))
    assert missing_spoils(course) == [
        f"{SPOILS[1]} is out of date; run: ./scripts/minigrad generate"
    ]
    assert recorded_spoilers(tmp_path, hidden=True).mistakes == ()


def test_one_phase_is_asked_again_and_the_others_stay(course):
    for name, text in spoils.spoils_files(course, course.phase("01")).items():
        assert text == (course.root / name).read_text(encoding="utf-8")


def test_students_get_what_their_probes_see(course):
    visible = recorded_uses(course.root, [USES[0]])
    entries = {n: only_of(e, visible.__contains__) for n, e in recorded_entries(course).items()}
    recorded = (course.root / SPOILS[0]).read_text(encoding="utf-8")
    assert recorded == spoils_text(course.chapters, entries)
    probes = {p for m in recorded_spoilers(course.root, hidden=False).mistakes for p in m.wrong}
    assert probes <= visible.keys()
