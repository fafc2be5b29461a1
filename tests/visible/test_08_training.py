"""Visible probes of phase 08. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.nn import binary_cross_entropy, cross_entropy, hinge, mse
from minigrad.optim import SGD, Adam, fit
from minigrad.scalar import Value


@probe(task="mse", concept="loss")
def test_mse_of_two(observe):
    """The mean of two squared errors."""
    p = [Value(x) for x in (1.0, 3.0)]
    y = mse(p, [0.0, 5.0])
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in p])


@probe(task="hinge", concept="loss")
def test_hinge_of_three(observe):
    """Right, wrong and within the margin."""
    s = [Value(x) for x in (2.0, 0.5, -1.0)]
    y = hinge(s, [1, 1, 1])
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in s])


@probe(task="binary_cross_entropy", concept="loss")
def test_bce_of_two(observe):
    """Two logits."""
    z = [Value(x) for x in (0.5, -1.5)]
    y = binary_cross_entropy(z, [1, 0])
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in z])


@probe(task="cross_entropy", concept="loss")
def test_cross_entropy_of_three(observe):
    """Three classes; logits in the hundreds of thousands do not overflow."""
    z = [Value(x) for x in (0.5, -1.5, 1.0)]
    y = cross_entropy(z, 1)
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in z])
    observe("far out", cross_entropy([Value(1e5), Value(1e5 - 2)], 1).data)


@probe(task="optimizer_zero_grad", concept="training-loop")
def test_optimizer_clears(observe):
    """zero_grad of an optimiser."""
    from minigrad.optim import Optimizer

    p = Value(1.0)
    p.grad = 3.0
    Optimizer([p], 0.1).zero_grad()
    observe("grad", p.grad)


@probe(task="sgd", concept="update")
def test_sgd_step(observe):
    """One step without momentum, three with it."""
    p, q = Value(1.0), Value(-1.0)
    p.grad = 2.0
    SGD([p], 0.1).step()
    observe("data", p.data)
    optimizer = SGD([q], 0.1, 0.5)
    for g in (1.0, 2.0, -3.0):
        q.grad = g
        optimizer.step()
    observe("with momentum", q.data, rtol=1e-9)


@probe(task="adam", concept="adam")
def test_adam_two_steps(observe):
    """Two steps; eps is large enough here to show where it stands."""
    p = Value(1.0)
    optimizer = Adam([p], 0.1, eps=0.1)
    for g in (2.0, -1.0):
        p.grad = g
        optimizer.step()
        observe(f"after {g}", p.data, rtol=1e-9)


@probe(task="fit", concept="training-loop")
def test_fit_a_line(observe):
    """The losses of five epochs."""
    w = Value(0.0)
    losses = fit(lambda x: w * x, [1.0, 2.0], [2.0, 4.0], mse, SGD([w], 0.1), 5)
    observe("losses", losses, rtol=1e-9)
    observe("w", w.data, rtol=1e-9)
