"""Phase 11 is graded without a clock: what its probes measure, and that they tell designs apart."""

import ast
import gc
import sys
from pathlib import Path

import pytest

from course.borrowed import borrowed, sources_of, with_borrowed
from course.errors import CourseError
from course.grade.marking.suite import Suite
from course.implementation import installed, reference
from course.judge import judge
from course.measure import (
    TraceLost,
    bytes_kept,
    functions_kept,
    instructions,
    left_behind,
    share_of_yardstick,
    yardstick,
)
from course.run import compile_probes, record_all, record_reference
from course.workloads import BOOK, book_instructions, chain, network, wide_sum

CASES = {"network": network, "sum": wide_sum, "chain": chain}
LOOPS = """

def dot(ws, xs):
    y = ws[0] * xs[0]
    for w, x in zip(ws[1:], xs[1:]):
        y = y + w * x
    return y


def total(xs):
    return sum(xs[1:], xs[0])
"""
SLOTS = '    __slots__ = ("data", "grad", "_prev", "_op", "label", "_backward")\n'
ON_EVERY_ENGINE = (  # what tells the book's form from a fast one
    "11.no_function_per_node",
    "11.bytes_of_a_product",
    "11.gone_at_once",
    "11.gone_after_backward",
    "11.instructions",
)


@pytest.fixture(scope="module")
def suite(course):
    return Suite(course, course.phase("11"), b"secret")


def test_the_table_holds_for_this_python(course):
    """What the book's engine takes is measured anew in the Python that runs this test."""
    version = f"3.{sys.version_info.minor}"
    if version not in BOOK:
        pytest.skip(f"nobody has measured {version} yet: its nearest neighbor's line is used")
    with installed(reference(course.root)):
        from minigrad.scalar import Value

        measured = {name: instructions(case(Value)) for name, case in CASES.items()}
    assert measured == pytest.approx(BOOK[version], rel=0.01)
    assert {name: book_instructions(name) for name in CASES} == BOOK[version]


def test_a_version_without_a_line_uses_the_nearest(monkeypatch):
    for minor, line in ((9, "3.11"), (12, "3.12"), (30, max(BOOK))):
        monkeypatch.setattr(sys, "version_info", type("V", (), {"minor": minor}))
        assert book_instructions("chain") == BOOK[line]["chain"]


def test_instructions_repeat_and_follow_the_work():
    def work(times=10):
        return [i * i for i in range(times)]

    assert instructions(work) == instructions(work) > 10
    assert instructions(lambda: work(100)) > 5 * instructions(work)


def test_work_that_stops_the_count_is_an_error():
    with pytest.raises(TraceLost):
        instructions(lambda: sys.settrace(None))


def test_what_is_kept_and_what_is_left():
    kept = []
    assert bytes_kept(lambda: [bytes(1_000) for _ in range(10)]) > 10_000
    assert functions_kept(lambda: [yardstick() for _ in range(50)]) >= 200  # and three cells each
    assert functions_kept(lambda: [[] for _ in range(50)]) == 0
    assert left_behind(lambda: kept.append([[] for _ in range(50)]))[0] >= 50
    objects, size = left_behind(lambda: [[] for _ in range(50)])
    assert objects == 0 and size < 500
    assert 0.9 < share_of_yardstick(lambda: [yardstick() for _ in range(500)], 500) < 1.1
    assert gc.isenabled()


@pytest.mark.parametrize("frozen", [False, True], ids=["of a process", "of a frozen process"])
def test_what_was_there_before_is_not_searched(frozen, monkeypatch):
    """Neither by what counts nor by the collector; afterwards it is as it was."""
    monkeypatch.setattr("course.measure._frozen", None)  # nothing was measured in it so far
    there, searched = [[]], []
    (gc.freeze if frozen else gc.unfreeze)()
    before = gc.get_freeze_count()
    left_behind(lambda: searched.append(any(thing is there for thing in gc.get_objects())))
    after = gc.get_freeze_count()
    gc.freeze()  # as it was, for the tests that come
    assert searched == [False, False] and gc.isenabled()
    assert after > 0.99 * before if frozen else before == after == 0


def closures(suite, slots):
    """The book's engine under the fast one's name, with a loop for `dot` and for `total`."""
    text = suite.reference.source("scalar.py")
    if slots:
        tree = ast.parse(text)
        (cls,) = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        lines = text.splitlines(keepends=True)
        lines.insert(cls.body[0].end_lineno, SLOTS)
        text = "".join(lines)
    return suite.reference.with_files("closures", {"fast.py": text + LOOPS})


@pytest.mark.parametrize("slots", [False, True], ids=["closures", "closures with slots"])
def test_the_form_with_closures_is_told_from_a_fast_one(suite, slots):
    with installed(suite.reference):
        expected = record_reference(suite.files[:1])
    with installed(closures(suite, slots)):
        observed = record_all(suite.files[:1], cpu_seconds=None)
    passed = {probe for probe in expected if judge(expected[probe], observed[probe]).passed}
    assert not passed & {*ON_EVERY_ENGINE}
    assert {probe for probe in expected if ".0" in probe} <= passed  # it is a right engine


def test_the_fast_engine_stands_in_for_the_books(course, suite):
    """What was written for the book's engine runs on it: networks, losses, training, the check."""
    fast = suite.reference.with_files("fast", {"scalar.py": suite.reference.source("fast.py")})
    files = [compile_probes(course.root / course.phase(p).visible, p) for p in ("06", "07", "08")]
    with installed(suite.reference):
        expected = record_reference(files)
    with installed(fast):
        observed = record_all(files, cpu_seconds=None)
    assert not [p for p in expected if not judge(expected[p], observed[p]).passed]


def test_probes_of_earlier_phases_are_borrowed_not_copied(course, suite):
    earlier = [course.phase(name) for name in ("02", "03", "04", "05")]
    wanted = set()
    with installed(suite.reference):
        for phase in earlier:
            for path in (phase.visible, phase.hidden):
                probes = compile_probes(course.root / path, phase.id).probes()
                wanted |= {f"11.{phase.id}_{p.id.partition('.')[2]}" for p in probes}
    assert wanted <= suite.probes.keys()
    assert all(suite.probes[name].info.task.startswith("fast_") for name in wanted)
    assert {name for name in wanted if suite.probes[name].info.points} == wanted - suite.visible
    assert suite.uses_numpy  # since a probe of phase 02 does


@pytest.mark.slow
def test_a_chain_of_a_million_is_built_run_and_freed(suite):
    """Five times the length that is graded, where a probe has little time."""
    with installed(suite.reference):
        from minigrad.fast import Value

        x, seen = Value(1.0), []

        def work():
            y = x
            for _ in range(1_000_000):
                y = y * x
            x.grad = 0.0
            y.backward()
            seen.append(x.grad)

        assert left_behind(work)[0] < 10
    assert seen == [1_000_001.0, 1_000_001.0]


LATE = {  # mistakes that no first probe of a task shows
    "0 ** 0 has no slope": ("k * x ** (k - 1) if k else 0.0", "k * x ** (k - 1)"),
    "relu has a slope at 0": ("if x > 0", "if x >= 0"),
}


@pytest.mark.parametrize("mistake", LATE)
def test_a_mistake_at_the_edge_costs_points(suite, mistake):
    """In the contract of phases 02 to 05, too: each of their probes counts."""
    text = suite.reference.source("fast.py")
    assert LATE[mistake][0] in text
    wrong = suite.reference.with_files("wrong", {"fast.py": text.replace(*LATE[mistake])})
    with installed(suite.reference):
        expected = record_reference(suite.files)
    with installed(wrong):
        observed = record_all(suite.files, cpu_seconds=None)
    lost = [p for p in expected if not judge(expected[p], observed[p]).passed]
    assert 0 < sum(suite.probes[name].info.points for name in lost) < 8
    assert all(suite.probes[name].info.borrowed for name in lost)


BORROWING = """
globals().update(borrowed(__file__, {"minigrad.scalar": "minigrad.fast"}, {"02_value": "f"}))
"""


def test_what_is_borrowed_is_packed_into_the_file(course, suite, tmp_path):
    """Where there is no such file, behind walls, the code is there all the same."""
    path = Path(course.root / course.phase("11").visible)
    code = with_borrowed("from course.borrowed import borrowed\n" + BORROWING, path)
    gone = code.replace(co_filename=str(tmp_path / "test_11_fast.py"))
    namespace = {"__name__": "probes", "__file__": str(tmp_path / "test_11_fast.py")}
    with installed(suite.reference):
        exec(gone, namespace)
    assert "test_02_leaf" in namespace
    assert namespace["test_02_leaf"].__code__.co_filename.endswith("visible/test_02_value.py")
    assert [p.name for p in sources_of(path)][:2] == ["test_11_fast.py", "test_02_value.py"]
    assert sources_of(tmp_path / "none.py") == [tmp_path / "none.py"]


def test_a_file_that_imports_another_module_is_not_borrowed(course):
    path = course.root / course.phase("11").visible
    with pytest.raises(CourseError, match="imports nothing from"):
        borrowed(str(path), {"minigrad.tensor": "minigrad.fast"}, {"02_value": "fast_value"})
    with pytest.raises(CourseError, match="restore it with"):
        borrowed(str(path), {"minigrad.scalar": "minigrad.fast"}, {"99_none": "fast_value"})
