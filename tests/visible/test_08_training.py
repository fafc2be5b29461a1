"""Visible probes of phase 08. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.nn import binary_cross_entropy, cross_entropy, hinge, mse
from minigrad.optim import SGD, Adam, Optimizer, fit
from minigrad.scalar import Value


@probe(task="mse", concept="loss")
def test_mse_of_two(observe):
    """The mean of two squared errors; lists of different length, or of none, are refused."""
    p = [Value(x) for x in (1.0, 3.0)]
    y = mse(p, [0.0, 5.0])
    (y * 3).backward()
    observe("loss", y.data)
    observe("gradients of 3 times the loss", [v.grad for v in p])
    with observe.raises("one prediction, two targets"):
        mse([Value(1.0)], [1.0, 2.0])
    with observe.raises("no predictions"):
        mse([], [])


@probe(task="hinge", concept="loss")
def test_hinge_of_three(observe):
    """Right, wrong and within the margin; lists of different length, or of none, are refused."""
    s = [Value(x) for x in (2.0, 0.5, -1.0, -0.5)]
    y = hinge(s, [1, 1, 1, -1])
    (y * 2).backward()
    observe("loss", y.data)
    observe("gradients of 2 times the loss", [v.grad for v in s])
    with observe.raises("two scores, one label"):
        hinge([Value(1.0), Value(1.0)], [1])
    with observe.raises("no scores"):
        hinge([], [])


@probe(task="binary_cross_entropy", concept="loss")
def test_bce_of_two(observe):
    """Three logits, one of them 0; lists of different length, or of none, are refused."""
    z = [Value(x) for x in (0.5, -1.5, 0.0)]
    y = binary_cross_entropy(z, [1, 0, 1])
    (y * 2).backward()
    observe("loss", y.data)
    observe("gradients of 2 times the loss", [v.grad for v in z])
    with observe.raises("two logits, one label"):
        binary_cross_entropy([Value(1.0), Value(1.0)], [1])
    with observe.raises("no logits"):
        binary_cross_entropy([], [])


@probe(task="binary_cross_entropy", concept="stable-loss")
def test_bce_far_out(observe):
    """Logits of 1000 and -1000, on the right side and on the wrong one."""
    for logit, label in ((1000.0, 1), (1000.0, 0), (-1000.0, 1), (-1000.0, 0)):
        z = Value(logit)
        y = binary_cross_entropy([z], [label])
        y.backward()
        observe(f"loss of {logit} for label {label}", y.data)
        observe(f"gradient at {logit} for label {label}", z.grad)


@probe(task="cross_entropy", concept="loss")
def test_cross_entropy_of_three(observe):
    """Three classes, two, four; a target that is no class is refused."""
    z = [Value(x) for x in (0.5, -1.5, 1.0)]
    y = cross_entropy(z, 1)
    (y * 2).backward()
    observe("loss", y.data)
    observe("gradients of 2 times the loss", [v.grad for v in z])
    observe("loss of two classes", cross_entropy([Value(2.0), Value(-1.0)], 0).data)
    observe("loss of four classes", cross_entropy([Value(x) for x in (0, 1, 2, 4)], 3).data)
    for target in (3, -1):
        with observe.raises(f"target {target} of three classes"):
            cross_entropy([Value(1.0)] * 3, target)


@probe(task="cross_entropy", concept="stable-loss")
def test_cross_entropy_far_out(observe):
    """Logits of hundreds of thousands neither overflow nor vanish."""
    observe("all far below 0", cross_entropy([Value(-1000.0), Value(-1001.0)], 0).data)
    z = [Value(1.0), Value(1e5), Value(1e5 - 2)]
    y = cross_entropy(z, 2)
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in z])


@probe(task="optimizer_zero_grad", concept="training-loop")
def test_optimizer_clears(observe):
    """zero_grad sets every gradient to 0.0, and nothing else."""
    p, q = Value(1.5), Value(-2.5)
    p.grad, q.grad = 3.0, float("nan")
    Optimizer([p, q], 0.1).zero_grad()
    observe("gradients", [p.grad, q.grad])
    observe("data", [p.data, q.data])


@probe(task="sgd", concept="update")
def test_sgd_step(observe):
    """One step without momentum; some with it, of two parameters: gradients of 0, another rate."""
    p, q = Value(1.0), Value(-1.0)
    p.grad = 2.0
    SGD([p], 0.1).step()
    observe("data", p.data)
    observe("gradient stays", p.grad)
    optimizer = SGD((v for v in (p, q)), 0.1, 0.5)
    for i, (g, h) in enumerate(((1.0, -2.0), (2.0, 4.0), (-3.0, 1.0), (0.0, 0.0)), 1):
        p.grad, q.grad = g, h
        optimizer.step()
        observe(f"with momentum, step {i}", [p.data, q.data], rtol=1e-9)
    optimizer.lr, p.grad, q.grad = 0.25, 1.0, 3.0
    optimizer.step()
    observe("with another rate", [p.data, q.data], rtol=1e-9)


@probe(task="sgd", concept="update")
def test_sgd_arguments(observe):
    """Rates and momenta that make no sense are refused, others are not."""
    for lr, momentum in ((0.0, 0.0), (-1.0, 0.0), (0.1, 1.0), (0.1, -0.5), (2.0, 0.99)):
        with observe.raises(f"lr {lr}, momentum {momentum}"):
            SGD([Value(1.0)], lr, momentum)


@probe(task="adam", concept="adam")
def test_adam_two_steps(observe):
    """Four steps of two parameters, with an eps that shows where it stands; another rate."""
    p, q = Value(1.0), Value(-1.0)
    optimizer = Adam((v for v in (p, q)), 0.1, eps=0.1)
    for i, (g, h) in enumerate(((2.0, 0.0), (-1.0, 0.5), (3.0, -4.0), (0.0, 1.0)), 1):
        p.grad, q.grad = g, h
        optimizer.step()
        observe(f"after step {i}", [p.data, q.data], rtol=1e-9)
    observe("gradients stay", [p.grad, q.grad])
    optimizer = Adam([p], 0.1, (0.5, 0.75))
    for i, g in enumerate((1.0, -2.0), 1):
        p.grad = g
        optimizer.step()
        observe(f"other betas, step {i}", p.data, rtol=1e-9)
    optimizer.lr = 0.25
    optimizer.step()
    observe("with another rate", p.data, rtol=1e-9)


@probe(task="adam", concept="adam")
def test_adam_arguments(observe):
    """Rates and betas that make no sense are refused, others are not."""
    for lr, betas in (
        (0.0, (0.9, 0.9)),
        (-1.0, (0.9, 0.9)),
        (0.1, (1.0, 0.9)),
        (0.1, (0.9, 1.0)),
        (0.1, (-0.1, 0.9)),
        (0.1, (0.9, -0.1)),
        (2.0, (0.0, 0.0)),
    ):
        with observe.raises(f"lr {lr}, betas {betas}"):
            Adam([Value(1.0)], lr, betas)


@probe(task="fit", concept="training-loop", needs=["mse", "sgd", "optimizer_zero_grad"])
def test_fit_a_line(observe):
    """The losses of five epochs, of three that change nothing, and of none."""
    w = Value(0.0)
    w.grad = 100.0
    losses = fit(lambda x: w * x, [1.0, 2.0], [2.0, 4.0], mse, SGD([w], 0.1), 5)
    observe("losses", losses, rtol=1e-9)
    observe("w", w.data, rtol=1e-9)
    observe("w.grad from the last epoch", w.grad, rtol=1e-9)
    losses = fit(lambda x: w * x + 0.0, [1.0], [w.data], mse, SGD([w], 0.1), 3)
    observe("losses of a model that knows it all", losses)
    observe("losses of no epoch", fit(lambda x: w * x, [1.0], [2.0], mse, SGD([w], 0.1), 0))
