"""The reference against torch in float64: every operation, and Adam's trajectory."""

import random

import pytest

from course.implementation import installed, reference

pytestmark = pytest.mark.oracle

UNARY = {
    "exp": lambda x: x.exp(),
    "log": lambda x: (x * x + 0.5).log(),
    "tanh": lambda x: x.tanh(),
    "relu": lambda x: x.relu(),
    "sigmoid": lambda x: x.sigmoid(),
    "sin": lambda x: x.sin(),
    "neg": lambda x: -x,
    "square": lambda x: x**2,
    "reciprocal": lambda x: (x * x + 1) ** -1,
    "root": lambda x: (x * x + 1) ** 0.5,
}
BINARY = {
    "add": lambda x, y: x + y,
    "mul": lambda x, y: x * y,
    "sub": lambda x, y: x - y,
    "div": lambda x, y: x / (y * y + 1),
    "numbers": lambda x, y: 2 - x + 3 * y + 1 / (x * x + 1) - y / 4,
}


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def close(ours, theirs):
    return ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", [*UNARY, *BINARY])
def test_operation(course, torch, name):
    function = UNARY.get(name) or BINARY[name]
    count = 1 if name in UNARY else 2
    rng = random.Random(name)
    with installed(reference(course.root)):
        from minigrad.scalar import Value

        for _ in range(20):
            points = [rng.uniform(-3, 3) for _ in range(count)]
            ours = [Value(p) for p in points]
            theirs = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in points]
            y, z = function(*ours), function(*theirs)
            y.backward()
            z.backward()
            assert close(y.data, z.item())
            for own, other in zip(ours, theirs, strict=True):
                assert close(own.grad, other.grad.item())


def test_adam(course, torch):
    with installed(reference(course.root)):
        from minigrad.optim import Adam
        from minigrad.scalar import Value

        ours = [Value(1.5), Value(-2.0)]
        theirs = [torch.tensor(v.data, dtype=torch.float64, requires_grad=True) for v in ours]
        own, other = Adam(ours, lr=0.05), torch.optim.Adam(theirs, lr=0.05)
        for _ in range(50):
            for optimizer, (a, b) in ((own, ours), (other, theirs)):
                optimizer.zero_grad()
                ((a * a - 2) ** 2 + (b + a) ** 2).backward()
                optimizer.step()
            for mine, peer in zip(ours, theirs, strict=True):
                assert close(mine.data, peer.item())


def test_what_learners_run_against_torch_passes_and_notices_a_wrong_rule(course, torch, tmp_path):
    """The comparison that a student's tree brings, on the reference and on a wrong sine."""
    import subprocess
    import sys

    file = course.root / "tests/extra/test_pytorch.py"
    for name in ("right", "wrong"):
        package = tmp_path / name / "minigrad"
        package.mkdir(parents=True)
        for file_name, text in reference(course.root).files.items():
            broken = text.replace("math.cos(", "-math.cos(") if name == "wrong" else text
            (package / file_name).write_text(broken, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-n", "0", str(file)],
            env={"PYTHONPATH": str(package.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) == (name == "right"), done.stdout
