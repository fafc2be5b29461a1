"""One mistake is blamed on one task, and paid for once."""

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from course.author.jobs import probe_files
from course.blame import Failure, blamed
from course.composed import composed_in, composed_of, shares_a_class
from course.grade.intake.submission import Submission
from course.grade.marking.failing import ProbeRun, basis_for, failures_of, verdicts_of
from course.grade.marking.grader import Grader
from course.grade.marking.mending import is_worth_it, with_mended
from course.grade.marking.scoring import outcomes_of
from course.grade.marking.suite import Suite, load_suite
from course.grade.marking.transplant import are_plain, with_tasks
from course.implementation import installed
from course.judge import Verdict
from course.observe import ProbeInfo
from course.run import Recording, record, record_all
from course.source.stubs import without_task

UNCLEARED = """        for node in order:
            if node._prev:
                node.grad = 0.0
        self.grad += 1.0
"""
RECURSIVE = ("depth == DEEPEST", "False")


USES = {
    "a.1": {"add"},
    "a.2": {"add", "mul"},
    "m.1": {"mul"},
    "m.2": {"mul"},
    "b.1": {"back", "add"},
    "b.2": {"back", "mul"},
    "b.3": {"back", "add", "mul"},
}
TASKS = {name: {"a": "add", "m": "mul", "b": "back"}[name[0]] for name in USES}


@pytest.mark.parametrize(
    ("failed", "wrong"),
    [
        ((), set()),
        (("m.1", "m.2", "a.2", "b.2", "b.3"), {"mul"}),
        (("a.1", "a.2", "b.1", "b.3"), {"add"}),
        (("b.1", "b.2", "b.3"), {"back"}),
        (("a.1", "m.1", "b.1", "b.2"), {"add", "mul"}),
        (("m.1", "b.1", "b.2"), {"mul", "back"}),  # b.1 does not call the product
    ],
)
def test_who_is_blamed(failed, wrong):
    assert blamed(dict.fromkeys(failed, Failure()), TASKS, USES) == wrong


def test_what_shows_at_size_only_is_no_excuse_for_wrong_numbers():
    slow, wrong = Failure("failed", of_size=True), Failure("failed")
    assert blamed({"m.1": slow, "b.2": slow}, TASKS, USES) == {"mul"}
    assert blamed({"m.1": slow, "b.2": wrong}, TASKS, USES) == {"mul", "back"}
    assert blamed({"m.1": wrong, "b.2": slow}, TASKS, USES) == {"mul"}


def test_one_exception_is_no_excuse_for_another():
    """A leaf without a rule raises TypeError; an overflow is another matter."""
    rule, same = Failure("error", raised="TypeError"), Failure("error", raised="TypeError")
    overflow = Failure("error", raised="OverflowError")
    assert blamed({"m.1": rule, "b.2": same}, TASKS, USES) == {"mul"}
    assert blamed({"m.1": rule, "b.2": overflow}, TASKS, USES) == {"mul", "back"}
    assert blamed({"m.1": Failure(), "b.2": overflow}, TASKS, USES) == {"mul"}
    missing = Failure("error", raised="AttributeError")
    assert blamed({"m.1": missing, "b.2": rule}, TASKS, USES) == {"mul"}


def test_recursion_excuses_nothing_that_a_small_graph_shows(course):
    """The commonest engine there is: its order recurses, and nothing is cleared."""
    whole = Suite(course, course.phase("04"), b"").reference
    path = course.root / "tests/alternates/recursive/scalar.py"
    source = path.read_text(encoding="utf-8")
    assert source.count(UNCLEARED) == 1
    wrong = source.replace(UNCLEARED, "        self.grad = 1.0\n").replace(*RECURSIVE)
    suite, failures, found = outcomes(course, "04", whole.with_files("x", {"scalar.py": wrong}))
    assert failures.wrong == {"topological_order", "backward"}
    assert lost(suite, found) == {"topological_order", "backward"}


CONTRACT = {f"Value.__{n}__": n for n in ("add", "mul", "neg", "sub", "pow", "truediv")}


def test_what_an_engine_is_composed_of():
    text = (
        "class Value:\n"
        "    def __mul__(self, other):\n"
        "        out = Value(self.data * other.data, (self, other), '*')\n"
        "        def _backward(): self.grad += other.data * out.grad\n"
        "        return out\n"
        "    def __neg__(self): return self * -1\n"
        "    def __sub__(self, other): return self + (-as_value(other))\n"
        "    def __truediv__(self, other): return self * as_value(other) ** -1\n"
    )
    assert composed_of(text, CONTRACT) == {
        "mul": set(),
        "neg": {"mul"},
        "sub": {"add", "neg", "mul"},
        "truediv": {"mul", "pow"},
    }
    library = "class Value:\n    def __neg__(self): return Value(math.mul(self.data))\n"
    assert composed_of(library, {**CONTRACT, "Value.mul": "mul"}) == {"neg": set()}
    assert composed_of("def (", CONTRACT) == {}
    assert composed_of("x = " + "(" * 10_000, CONTRACT) == {}


def test_a_function_of_the_same_name_is_no_method():
    """`from math import exp`: a sigmoid by it is not composed of Value.exp."""
    text = (
        "from math import exp\n"
        "class Value:\n"
        "    def exp(self): return Value(exp(self.data), (self,), 'exp')\n"
        "    def sigmoid(self): return Value(1 / (1 + exp(-self.data)), (self,), 'sigmoid')\n"
        "    def tanh(self): return Value(self.sigmoid() + helper(self), (self,))\n"
        "def helper(x): return exp(x.data)\n"
    )
    contract = {f"Value.{name}": name for name in ("exp", "sigmoid", "tanh")}
    composed = composed_of(text, {**contract, "helper": "helper"})
    assert composed == {
        "exp": set(), "sigmoid": set(), "tanh": {"sigmoid", "helper"}, "helper": set()
    }  # fmt: skip


def test_an_exponent_is_a_number():
    """micrograd's power: `other - 1` is not a difference of nodes."""
    text = (
        "class Value:\n"
        "    def __pow__(self, other):\n"
        "        out = Value(self.data ** other, (self,), f'**{other}')\n"
        "        def _backward(): self.grad += (other * self.data ** (other - 1)) * out.grad\n"
        "        return out\n"
        "    def __truediv__(self, other): return self * other ** -1\n"
    )
    assert composed_of(text, CONTRACT) == {"pow": set(), "truediv": {"mul", "pow"}}


def test_what_is_not_refused_is_no_excuse_for_wrong_numbers():
    refused = Failure("failed", refusal=True)
    assert blamed({"m.1": refused, "b.2": Failure()}, TASKS, USES) == {"mul", "back"}
    assert blamed({"m.1": refused, "b.2": refused}, TASKS, USES) == {"mul"}
    assert blamed({"m.1": Failure(), "b.2": refused}, TASKS, USES) == {"mul"}


def test_a_verdict_says_whether_something_should_have_been_refused():
    info = ProbeInfo("add", 1, "domain", ())
    for reason, refusal in (
        ("a + 'x' raises: observed 'nothing', expected 'TypeError'", True),
        ("log(-2): message mentions '-2': observed False, expected True", True),
        ("a + 1: observed 3.0, expected 2.0 (tolerance 1e-12 relative, 0 absolute)", False),
    ):
        assert Failure.seen_in(Verdict("failed", reason), info).refusal == refusal


ARRAYS = """
class Tensor:
    def mul(self, other):
        out = Tensor(self.data * other.data, (self, other))
        def rule():
            g = out.grad * other.data
            self.grad += g.transpose().reshape(self.shape)
            other.grad += np.sum(out.grad * self.data, axis=0).reshape(other.shape)
        return out
    def neg(self): return self._out(-self.data, lambda g: (g.reshape(3), grad.transpose()))
    def exp(self): return (self - self.data.reshape(2)).reshape(2)
    def log(self): return self.reshape(2)
    def tanh(self):
        total = 0.0
        total = total + self.mul(self)
        return total.transpose()
"""


def test_an_arrays_method_is_no_operation_of_an_engine(course):
    names = ("mul", "neg", "exp", "log", "tanh", "reshape", "transpose")
    composed = composed_of(ARRAYS, {f"Tensor.{name}": name for name in names})
    assert composed["mul"] == composed["neg"] == set()
    assert composed["exp"] == composed["log"] == {"reshape"}
    assert composed["tanh"] == {"mul", "transpose"}
    suite = Suite(course, course.phase("10"), b"")
    composed = composed_in({"tensor.py": suite.reference.source("tensor.py")}, suite.contracts)
    assert not any("reshape" in others for others in composed.values())
    assert "tensor_sum" in composed["tensor_mean"]


def test_what_an_engine_of_classes_is_composed_of(course):
    text = (course.root / "tests/alternates/subclasses/scalar.py").read_text(encoding="utf-8")
    composed = composed_of(text, CONTRACT)
    assert composed["truediv"] == {"mul", "pow"} and composed["neg"] == {"mul"}
    assert composed["sub"] >= {"add", "mul"}
    assert composed["add"] == composed["mul"] == composed["pow"] == set()


def test_a_class_that_others_make_nodes_of(course):
    text = (course.root / "tests/alternates/subclasses/scalar.py").read_text(encoding="utf-8")
    assert shares_a_class(text, CONTRACT, {"pow"})
    assert not shares_a_class(text, CONTRACT, {"pow", "truediv"})
    assert not shares_a_class("def (", CONTRACT, {"pow"})


def test_a_helper_of_modules_is_no_operation():
    text = (
        "class Draws: pass\n"
        "class Neuron:\n    def __init__(self, n): self.w = [Parameter(Draws(n))]\n"
        "class Linear:\n    def __init__(self, n): self.w = Draws(n)\n"
        "class Parameter: pass\n"
    )
    contract = {"Neuron.__init__": "neuron", "Linear.__init__": "linear"}
    assert composed_of(text, contract) == {"neuron": set(), "linear": set()}
    assert not shares_a_class(text, contract, {"linear"})


def test_a_class_for_any_node_is_no_excuse():
    methods = "".join(
        f"    def __{name}__(self, other): return Node(self, other)\n"
        for name in ("add", "mul", "pow")
    )
    text = f"class Node: pass\nclass Value:\n{methods}"
    assert composed_of(text, CONTRACT) == {"add": set(), "mul": set(), "pow": set()}


def outcomes(course, phase, wrong):
    """How an engine's probes end, graded like a submission but without walls."""
    suite = Suite(course, course.phase(phase), b"secret")
    seed = suite.seed_for("a submission")
    with installed(wrong):
        seen = record_all(suite.files, seed, 2.0)
        basis = record_all(suite.basis_files, seed, 2.0)
    return judged(suite, seed, wrong, seen, basis)


def judged(suite, seed, wrong, seen, basis, broken=None):
    """The suite, and how probes end that showed what was seen, here and in earlier phases."""
    recordings = {p: seen.get(p, Recording({}, "error")) for p in suite.probes}
    files = {name: wrong.source(name) for name in wrong.files if name in suite.owned}
    verdicts = verdicts_of(suite, ProbeRun(recordings, (), 0.0, seed))
    failed = [probe for probe, verdict in verdicts.items() if not verdict.passed]
    basis = {p: basis.get(p, Recording({}, "error")) for p in basis_for(suite, failed)}
    run = ProbeRun(recordings, (), 0.0, seed, basis, suite.uses_in(files))

    def ask(changed, wanted):
        mended = wrong.with_files("mended", changed)
        right = {**suite.basis_answers(seed), **suite.answers(seed)}
        again = seen_in(
            (*suite.files, *suite.basis_files), wanted, right, suite, seed, mended, broken
        )
        return {p: again.get(p, Recording({}, "error")) for p in wanted}

    run = with_mended(suite, run, verdicts, files, ask)
    return suite, failures_of(suite, run, verdicts), outcomes_of(suite, run, verdicts)


def seen_of(suite, seed, wrong, broken):
    """What an engine with one broken task shows, in the phase and in earlier ones; a probe that
    never calls it shows what is right, and need not run again."""
    engine = suite, seed, wrong, broken
    here = seen_in(suite.files, suite.probes, suite.answers(seed), *engine)
    return here, seen_in(suite.basis_files, suite.basis, suite.basis_answers(seed), *engine)


def seen_in(files, wanted, right, suite, seed, wrong, broken):
    seen = {}
    with installed(wrong):
        for file in files:
            with suppress(Exception):  # its import calls what is broken: no probe of it runs
                for probe in file.probes():
                    if probe.id in wanted:
                        calls = broken is None or broken in suite.uses[probe.id]
                        seen[probe.id] = record(probe, seed, 2.0) if calls else right[probe.id]
    return seen


def test_probes_of_size_are_asked_again_where_one_of_size_failed(course):
    suite = Suite(course, course.phase("11"), b"secret")
    small = [i for i, p in suite.basis.items() if p.info.seconds is None]
    sized = next(i for i, p in suite.probes.items() if p.info.seconds is not None)
    other = next(i for i, p in suite.probes.items() if p.info.seconds is None)
    assert 0 < len(small) < len(suite.basis)
    assert basis_for(suite, [other]) == small
    assert basis_for(suite, [other, sized]) == list(suite.basis)


def lost(suite, found):
    """The tasks that lose points."""
    return {suite.probes[p].info.task for p, outcome in found.items() if not outcome.counts}


@pytest.mark.parametrize("phase", ["04", "05", "08"])
def test_a_wrong_product_costs_nothing_in_later_phases(course, phase):
    whole = Suite(course, course.phase("03"), b"").reference
    source = whole.source("scalar.py")
    wrong = source.replace("+= other.data * out.grad", "+= self.data * out.grad")
    assert wrong != source
    suite, failures, found = outcomes(course, phase, whole.with_files("x", {"scalar.py": wrong}))
    assert failures.wrong <= {"mul"}
    assert lost(suite, found) == set()


def test_a_composed_engine_pays_for_its_product_once(course):
    whole = Suite(course, course.phase("03"), b"").reference
    path = course.root / "tests/alternates/closures/scalar.py"
    source = path.read_text(encoding="utf-8")
    wrong = source.replace("other.grad += self.data * out.grad", "other.grad += out.grad")
    assert wrong != source
    suite, _, found = outcomes(course, "03", whole.with_files("x", {"scalar.py": wrong}))
    assert lost(suite, found) == {"mul"}


def test_what_takes_too_long_is_not_excused_by_wrong_numbers(course):
    """An impostor has no rules at all, and a way to the gradients that is slow."""
    suite = Suite(course, course.phase("04"), b"secret")
    seed = suite.seed_for("a submission")
    right = suite.answers(seed)
    slow = {p: replace(r, ending="timeout") if "deep_chain" in p else r for p, r in right.items()}
    basis = {p: Recording({}, "done") for p in suite.basis}  # every earlier probe fails
    run = ProbeRun(slow, (), 0.0, seed, basis)
    found = outcomes_of(suite, run, verdicts_of(suite, run))
    assert "timeout" in {outcome.status for outcome in found.values()}
    assert lost(suite, found)


TWO = ("derivative", "gradient")
CONTAINERS = ["set(_prev)", "frozenset(_prev)", "list(_prev)", "list(dict.fromkeys(_prev))"]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("phase", ["03", "04"])
def test_a_container_of_inputs_is_no_excuse_for_a_rule(course, phase, container):
    """Inputs that are no tuple are the commonest slip there is; what is wrong beside it pays."""
    whole = Suite(course, course.phase(phase), b"").reference
    source = (course.root / "tests/alternates/closures/scalar.py").read_text(encoding="utf-8")
    slip = source.replace("tuple(_prev)", container)
    wrong = slip.replace("+= other.data * out.grad", "+= self.data * out.grad")
    assert len({source, slip, wrong}) == 3
    suite, _, found = outcomes(course, phase, whole.with_files("x", {"scalar.py": slip}))
    assert lost(suite, found) == set()
    suite, failures, found = outcomes(course, phase, whole.with_files("x", {"scalar.py": wrong}))
    assert failures.wrong == {"value", "mul"}
    assert lost(suite, found) == ({"mul"} if phase == "03" else set())


@pytest.mark.slow
def test_what_stops_with_an_error_is_excused_by_wrong_numbers(course):
    """A loss that returns a number and no Value ends its caller with an exception."""
    whole = Suite(course, course.phase("12"), b"").reference
    right = "return total(surprises) / len(surprises)"
    wrong = whole.source("lm.py").replace(right, f"{right}.data")
    suite, failures, found = outcomes(course, "12", whole.with_files("x", {"lm.py": wrong}))
    assert failures.wrong == {"text_loss"}
    assert lost(suite, found) == {"text_loss"}


def test_another_order_of_adding_up_is_no_other_mistake(course):
    """With the neuron put right, the net's numbers differ in their last digits: as wrong as
    before."""
    whole = Suite(course, course.phase("07"), b"").reference
    text = whole.source("nn.py")
    for right, wrong in (
        ("        rng = rng or random.Random()\n        self.w = [P",
         "        rng = rng or random.Random(0)\n        self.w = [P"),
        ("total = _affine(self.w, x, self.b)",
         "total = _affine(self.w, x, Value(0.0)) * 1.1 * (1 / 1.1) + self.b"),
        ("activation if i < last else None", "activation if i < last or widths[-1] > 1 else None"),
    ):  # fmt: skip
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    suite, failures, found = outcomes(course, "07", whole.with_files("x", {"nn.py": text}))
    assert failures.wrong == lost(suite, found) == {"neuron", "mlp"}


KINK = "return abs(right - left) > 0.01 * (1 + abs(left) + abs(right))"


@pytest.mark.parametrize("wrong", ["True", "False", "right != left", "abs(right - left) > 0.01"])
def test_a_wrong_kink_is_paid_for_once(course, wrong):
    whole = Suite(course, course.phase("06"), b"").reference
    text = whole.source("gradcheck.py").replace(KINK, f"return {wrong}")
    assert text != whole.source("gradcheck.py")
    suite, failures, found = outcomes(course, "06", whole.with_files("x", {"gradcheck.py": text}))
    assert failures.wrong == lost(suite, found) == {"is_kink"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("return total(surprises) / len(surprises)", "return total(surprises)"),
        (".log() - shifted[target]", ".log() + shifted[target]"),
        ("return total([z.exp() for z in shifted]).log()", "return shifted[target].exp().log()"),
    ],
)
def test_a_wrong_loss_costs_nothing_of_the_training(course, right, wrong):
    whole = Suite(course, course.phase("12"), b"").reference
    text = whole.source("lm.py").replace(right, wrong)
    suite, failures, found = outcomes(course, "12", whole.with_files("x", {"lm.py": text}))
    assert len(failures.wrong) == 1
    assert lost(suite, found) == failures.wrong


def graded(course, walls, phase, edits):
    """The scorecard of the reference with pieces of the phase's first file replaced."""
    suite = load_suite(course, course.phase(phase))
    name = suite.phase.files[0]
    text = suite.reference.source(Path(name).name)
    for find, replacement in edits.items():
        assert find in text
        text = text.replace(find, replacement)
    with Grader(suite, walls) as grader:
        return grader.grade(Submission("ann", {name: text}))


def test_a_task_keeps_its_points_where_every_probe_fails(course, walls):
    """The gradient rests on a derivative that stops with an error, in each probe of the phase."""
    edits = {"return (f(x + h) - f(x - h))": 'return ("f(x+h)" - f(x - h))'}
    card = graded(course, walls, "01", edits)
    earned = {task: sum(p.points for p in card.probes if p.task == task) for task in TWO}
    assert earned == {"derivative": 0, "gradient": 10}
    assert {p.status for p in card.probes if p.task == "gradient"} == {"skipped"}


def test_nothing_is_asked_where_nothing_is_written(course, walls):
    suite = load_suite(course, course.phase("01"))
    stub = suite.given.source("gradcheck.py")
    with Grader(suite, walls) as grader:
        run = grader.run(Submission("ann", {"src/minigrad/gradcheck.py": stub}))
    assert not is_worth_it(suite, run, verdicts_of(suite, run))


def test_a_wrong_caller_pays_beside_a_wrong_kink(course):
    whole = Suite(course, course.phase("06"), b"").reference
    text = whole.source("gradcheck.py").replace(KINK, "return True")
    wrong = text.replace("atol + rtol * abs(numeric)", "atol")
    assert wrong != text
    suite, failures, found = outcomes(course, "06", whole.with_files("x", {"gradcheck.py": wrong}))
    assert failures.wrong == lost(suite, found) == {"is_kink", "gradcheck"}


def test_a_file_that_has_no_place_for_a_task(course):
    solved = Suite(course, course.phase("03"), b"").reference.source("scalar.py")
    for text in ("def (", "x = 1\n", "class Value: pass\n", "class Value:\n  __add__ = a; b = 1\n"):
        assert with_tasks(text, solved, {"add"}) is None
    mine = with_tasks('"""Mine."""\nfrom __future__ import annotations\n', solved, {"wrap"})
    mended = mine.files[""]
    assert mended.index("__future__") < mended.index("import math") < mended.index("def as_value")


def test_no_more_of_the_reference_is_put_in_than_the_task_needs(course):
    """A learner who left another task out could call the helpers of the reference's function."""
    suite = Suite(course, course.phase("08"), b"")
    solved, text = suite.reference.source("nn.py"), suite.given.source("nn.py")
    mended = with_tasks(text, solved, {"mse"}).files[""]
    assert "def _put_right__mean" in mended and "_bce" not in mended


@pytest.mark.parametrize(
    ("alternate", "task", "plain", "fit"),
    [
        ("closures", "add", False, True),
        ("closures", "value", False, True),
        ("closures", "wrap", True, True),
        ("composed", "value", False, True),  # its gradients are handed on by a method
        ("composed", "add", False, False),  # which reads slopes, and no rule of a node
        ("tape", "value", False, True),  # nodes are numbered
    ],
)
def test_whether_a_task_of_the_reference_fits(course, alternate, task, plain, fit):
    suite = Suite(course, course.phase("03"), b"")
    path = course.root / "tests/alternates" / alternate / "scalar.py"
    solved = suite.reference.source("scalar.py")
    assert with_tasks(path.read_text(encoding="utf-8"), solved, {task}).fit == fit
    assert are_plain(suite, {task}) == plain


DESIGNS = ["composed", "functions", "pairs", "gather", "tape", "subclasses", "rule_table"]


@pytest.mark.parametrize("alternate", DESIGNS)
def test_a_constructor_is_put_right_in_engines_of_all_shapes(course, alternate):
    whole = Suite(course, course.phase("03"), b"").reference
    path = course.root / "tests/alternates" / alternate / "scalar.py"
    source = path.read_text(encoding="utf-8")
    wrong = re.sub(r"(def __init__\(self, data.*\n)", r"\1        float(None)\n", source)
    assert wrong != source
    suite, failures, found = outcomes(course, "03", whole.with_files("x", {"scalar.py": wrong}))
    assert failures.wrong == failures.mended == {"value"}
    assert lost(suite, found) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "phase", ["02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]
)
def test_a_right_task_keeps_its_points_whatever_other_task_is_broken(course, phase):
    """Each task of the phase and of earlier ones broken in turn."""
    suite = Suite(course, course.phase(phase), b"secret")
    seed = suite.seed_for("a submission")
    suite.answers(seed)
    uses, tasks = suite.uses, {task.id for p in course.chapters for task in p.tasks}
    called = frozenset[str]().union(*(uses[p] for p in suite.probes)) & tasks
    bad = []
    for broken in sorted(called, key=suite.place):
        name = course.tasks[broken].file.rpartition("/")[2]
        text = without_task(
            (course.root / "solutions" / course.tasks[broken].file).read_text(encoding="utf-8"),
            broken,
        )
        wrong = suite.reference.with_files(broken, {name: text})
        _, _, found = judged(suite, seed, wrong, *seen_of(suite, seed, wrong, broken), broken)
        bad += [(broken, task) for task in sorted(lost(suite, found) - {broken})]
    assert bad == []


def test_every_probe_is_in_the_table_of_uses(course):
    uses = Suite(course, course.phases[0], b"").uses
    with installed(Suite(course, course.phases[0], b"").reference):
        for file in probe_files(course, course.phases):
            for probe in file.probes():
                assert probe.info.task in uses[probe.id], probe.id
