"""Your engine beside PyTorch: the same expressions, the same gradients.

Nobody grades this. It needs PyTorch, which the course does not install; without it every test
is skipped and says so. To install it (some hundred megabytes) and to run the comparison:

    .venv/bin/python -m pip install torch
    .venv/bin/python -m pytest tests/extra/test_pytorch.py

On Windows the folder is called .venv\\Scripts. What you have not written yet is skipped, too.
"""

import random

import pytest

from minigrad.scalar import Value

# Each expression is written once. It works on Values and on tensors, since both have the same
# operators and methods.
EXPRESSIONS = {
    "a·b + c": lambda a, b, c: a * b + c,
    "a·a + a": lambda a, b, c: a * a + a,
    "a quotient and powers": lambda a, b, c: (a - b) / (b * b + 1) + (b * b + 2) ** -0.5 - 3 / a,
    "exp": lambda a, b, c: (a * b).exp(),
    "log": lambda a, b, c: (b * b + c * c).log(),
    "tanh": lambda a, b, c: (a * b + c).tanh(),
    "relu": lambda a, b, c: (a * b + c).relu() + (a - b).relu(),
    "sigmoid": lambda a, b, c: (a - b * c).sigmoid(),
    "sin": lambda a, b, c: (a * b).sin() * c,
    "paths of unequal length": lambda a, b, c: uneven(3 * a) * uneven(b - c),
    "a diamond on a diamond": lambda a, b, c: ladder(a * b, 12) * c,
}
POINT = (1.5, -0.7, 2.2)


def uneven(u):
    return 2 * u.tanh().exp().log() + u


def ladder(u, rungs):
    for _ in range(rungs):
        u = u + u
    return u


@pytest.fixture
def torch():
    return pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")


def compare(torch, f, point):
    """Value and gradients of `f` at a point, from both engines."""
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in point]
    try:
        ours = [Value(x) for x in point]
        mine = f(*ours)
        mine.backward()
    except NotImplementedError as reason:
        pytest.skip(f"not written yet: {reason}")
    other = f(*theirs)
    other.backward()
    # A tensor that was not used has no gradient at all (None); a Value has 0.
    gradients = [0.0 if x.grad is None else x.grad.item() for x in theirs]
    assert mine.data == pytest.approx(other.item(), rel=1e-9, abs=1e-12)
    assert [x.grad for x in ours] == pytest.approx(gradients, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression(torch, name):
    compare(torch, EXPRESSIONS[name], POINT)


@pytest.mark.parametrize("seed", range(20))
def test_a_random_graph(torch, seed):
    """Twelve operations, each on results of the earlier ones, so that many nodes are shared."""

    def f(*inputs):
        draw, nodes = random.Random(seed), list(inputs)
        for _ in range(12):
            a, b = draw.choice(nodes), draw.choice(nodes)
            operations = (a + b, a * b, a - b, a / (b * b + 1), a.tanh(), a.sigmoid(), a.sin())
            nodes.append(draw.choice(operations))
        return sum(nodes[3:])

    compare(torch, f, POINT)


def test_a_second_pass_adds(torch):
    """Both engines accumulate in the leaves: two passes give twice the gradient."""
    b = torch.tensor(2.0, requires_grad=True)
    try:
        a = Value(2.0)
        y = a * a
        y.backward()
        y.backward()
    except NotImplementedError as reason:
        pytest.skip(f"not written yet: {reason}")
    z = b * b
    z.backward(retain_graph=True)
    z.backward()
    assert a.grad == b.grad.item() == 8.0
