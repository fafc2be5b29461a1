"""Hidden probes of phase 08. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.nn import MLP, binary_cross_entropy, cross_entropy, hinge, mse
from minigrad.optim import SGD, Adam, fit
from minigrad.scalar import Value


@probe(task="mse", concept="loss")
def test_mse_lengths(observe):
    """Lengths that differ are refused."""
    with observe.raises("lengths"):
        mse([Value(1.0)], [1.0, 2.0])
    with observe.raises("empty"):
        mse([], [])


@probe(task="mse", concept="loss")
def test_mse_of_one(observe):
    """One prediction: its squared error is all there is, and the mean of it."""
    p = Value(observe.rng.uniform(3, 4))
    y = mse([p], [0.75])
    y.backward()
    observe("loss", y.data)
    observe("gradient", p.grad)


@probe(task="mse", concept="loss")
def test_mse_at_random(observe):
    """Three random predictions."""
    p = [Value(observe.rng.uniform(1, 2)) for _ in range(3)]
    y = mse(p, [0.0, -1.0, 0.5])
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in p])


@probe(task="hinge", concept="loss")
def test_hinge_of_one(observe):
    """One score, on the wrong side."""
    s = Value(observe.rng.uniform(0.5, 0.75))
    y = hinge([s], [-1])
    y.backward()
    observe("loss", y.data)
    observe("gradient", s.grad)


@probe(task="hinge", concept="loss")
def test_hinge_labels(observe):
    """Labels of −1."""
    s = [Value(x) for x in (2.0, 0.5, -3.0)]
    y = hinge(s, [-1, -1, -1])
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in s])


@probe(task="hinge", concept="loss")
def test_hinge_lengths(observe):
    """Lengths that differ are refused."""
    with observe.raises("lengths"):
        hinge([Value(1.0)], [1, 1])


@probe(task="binary_cross_entropy", concept="stable-loss")
def test_bce_is_stable(observe):
    """Logits of ±1000 and 0."""
    z = [Value(x) for x in (1000.0, -1000.0, 0.0)]
    y = binary_cross_entropy(z, [0, 0, 1])
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in z])


@probe(task="binary_cross_entropy", concept="loss")
def test_bce_at_random(observe):
    """Random logits of both signs."""
    z = [Value(observe.rng.uniform(0.1, 2)), Value(-observe.rng.uniform(0.1, 2))]
    y = binary_cross_entropy(z, [0, 1])
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in z])


@probe(task="cross_entropy", concept="stable-loss")
def test_cross_entropy_is_stable(observe):
    """Logits of ±1000."""
    z = [Value(x) for x in (1000.0, -1000.0, 999.0)]
    y = cross_entropy(z, 2)
    y.backward()
    observe("loss", y.data)
    observe("gradients", [v.grad for v in z])


@probe(task="cross_entropy", concept="loss")
def test_cross_entropy_targets(observe):
    """A target that is no class is refused."""
    for target in (3, -1):
        with observe.raises(f"target {target}"):
            cross_entropy([Value(1.0)] * 3, target)


@probe(task="optimizer_zero_grad", concept="training-loop")
def test_optimizer_clears_all(observe):
    """All parameters, and data stay."""
    ps = [Value(x) for x in (1.0, 2.0)]
    for p in ps:
        p.grad = 5.0
    SGD(ps, 0.1).zero_grad()
    observe("gradients", [p.grad for p in ps])
    observe("data", [p.data for p in ps])


@probe(task="optimizer_zero_grad", concept="training-loop")
def test_optimizer_takes_a_generator(observe):
    """Adam clears too."""
    p = Value(1.0)
    p.grad = 5.0
    Adam(q for q in [p]).zero_grad()
    observe("grad", p.grad)


@probe(task="sgd", concept="update")
def test_length_of_a_step(observe):
    """How far one step goes, whichever way: the rate times the gradient."""
    p = Value(1.0)
    p.grad = observe.rng.uniform(2, 3)
    SGD([p], 0.125).step()
    observe("distance", abs(p.data - 1.0))


@probe(task="sgd", concept="update")
def test_momentum(observe):
    """Four steps with momentum, two parameters."""
    ps = [Value(x) for x in (1.0, -1.0)]
    optimizer = SGD(ps, 0.1, 0.9)
    for g in (1.0, 2.0, -1.0, 0.5):
        ps[0].grad, ps[1].grad = g, -2 * g
        optimizer.step()
    observe("data", [p.data for p in ps], rtol=1e-9)


@probe(task="sgd", concept="update")
def test_sgd_arguments(observe):
    """Rates that make no sense are refused."""
    for lr, momentum in ((0.0, 0.0), (-1.0, 0.0), (0.1, 1.0)):
        with observe.raises(f"{lr}, {momentum}"):
            SGD([], lr, momentum)


@probe(task="adam", concept="adam")
def test_adam_trajectory(observe):
    """Ten steps on a parabola."""
    p = Value(3.0)
    optimizer = Adam([p], 0.2, (0.8, 0.9), 1e-3)
    for _ in range(10):
        p.grad = 2 * p.data
        optimizer.step()
    observe("data", p.data, rtol=1e-9)


@probe(task="adam", concept="adam")
def test_adam_small_gradients(observe):
    """eps stands outside the root."""
    p = Value(0.0)
    optimizer = Adam([p], 1.0, eps=1e-4)
    p.grad = 1e-4
    optimizer.step()
    observe("data", p.data, rtol=1e-9)
    with observe.raises("beta of 1"):
        Adam([p], betas=(1.0, 0.9))


@probe(task="fit", concept="training-loop")
def test_first_loss(observe):
    """One epoch on one sample, with a plain loss: its value before the step is what is told."""
    w = Value(observe.rng.uniform(3, 4))
    optimizer = SGD([w], 0.125)
    losses = fit(lambda x: w * x, [2.5], [-1.5], lambda ys, ts: ys[0] * ts[0], optimizer, 1)
    observe("losses", losses)


@probe(task="fit", concept="training-loop")
def test_fit_two_parameters(observe):
    """Gradients are cleared in every epoch."""
    w, b = Value(0.5), Value(0.0)
    xs = [1.0, -2.0, 0.5]
    losses = fit(lambda x: w * x + b, xs, [2.0, -1.0, 0.0], mse, SGD([w, b], 0.1, 0.5), 8)
    observe("losses", losses, rtol=1e-9)


@probe(task="fit", concept="training-loop")
def test_fit_xor(observe):
    """XOR with a 2-2-1 network on vetted seeds."""
    import random

    xs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    start = [0.9, -0.7, 0.1, -0.6, 0.8, -0.2, 0.7, 0.9, 0.05]
    model = MLP(2, [2, 1], rng=random.Random(0))
    for p, value in zip(model.parameters(), start, strict=True):
        p.data = value
    losses = fit(model, xs, [-1, 1, 1, -1], mse, Adam(model.parameters(), 0.1), 120)
    observe("loss under 0.2", losses[-1] < 0.2)
    observe("signs", [model(x).data > 0 for x in xs])
