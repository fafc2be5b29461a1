"""Hidden probes of phase 08. They observe; the judge compares with the reference."""

import random

from course.observe import probe
from minigrad.nn import MLP, binary_cross_entropy, cross_entropy, hinge, mse
from minigrad.optim import SGD, Adam, Optimizer, fit
from minigrad.scalar import Value

NAN = float("nan")


def values(observe, low, high, count=1):
    return [Value(observe.rng.uniform(low, high)) for _ in range(count)]


def gradients(loss, inputs, factor=1.0):
    """The gradients of `factor` times the loss."""
    (loss if factor == 1.0 else loss * factor).backward()
    return [v.grad for v in inputs]


def walk(optimizer, parameters, rows):
    """One step for each row of gradients; where the parameters stand after each."""
    stands = []
    for row in rows:
        for p, g in zip(parameters, row, strict=True):
            p.grad = g
        optimizer.step()
        stands.append([p.data for p in parameters])
    return stands


@probe(task="mse", concept="loss", points=2)
def test_mse_values(observe):
    """The mean over one, two, three and five predictions."""
    for count in (1, 2, 3, 5):
        p = values(observe, 3, 4, count)
        observe(f"loss of {count}", mse(p, [0.75, -1.0, 0.5, 9.0, 2.0][:count]).data)


@probe(task="mse", concept="loss")
def test_mse_gradients(observe):
    """Gradients reach the predictions, through a multiple of the loss too."""
    p = values(observe, 1, 2, 3)
    observe("of the loss", gradients(mse(p, [0.0, -1.0, 5.0]), p))
    q = values(observe, 1, 2)
    observe("of 3 times the loss", gradients(mse(q, [0.25]), q, 3.0))
    r = values(observe, 1, 2)
    observe("one for two targets", gradients(mse([r[0], r[0]], [0.25, 5.0]), r, 0.5))


@probe(task="mse", concept="loss")
def test_mse_arguments(observe):
    """Lists of different length, or of none, are refused."""
    for count, targets in ((1, 2), (2, 1), (0, 1), (1, 0), (0, 0)):
        with observe.raises(f"{count} predictions, {targets} targets"):
            mse([Value(1.0)] * count, [1.0] * targets)


@probe(task="hinge", concept="loss", points=2)
def test_hinge_values(observe):
    """Scores right, wrong and within the margin, for labels of either sign, one to five of them."""
    for label in (1, -1):
        for low, high in ((1.5, 3), (0.25, 0.75), (-3, -0.5)):
            s = label * observe.rng.uniform(low, high)
            observe(f"{low} to {high} for {label}", hinge([Value(s)], [label]).data)
    s = values(observe, -0.75, 0.75, 5)
    observe("mean of five", hinge(s, [1, -1, -1, 1, -1]).data)


@probe(task="hinge", concept="loss")
def test_hinge_gradients(observe):
    """Gradients reach the scores within the margin, through a multiple of the loss too."""
    s = [Value(x) for x in (2.0, 0.5, -3.0)]
    observe("of the loss", gradients(hinge(s, [-1, -1, -1]), s))
    s = [Value(x) for x in (2.0, 0.5, -3.0)]
    observe("of 0.7 times the loss", gradients(hinge(s, [1, 1, 1]), s, 0.7))


@probe(task="hinge", concept="loss")
def test_hinge_arguments(observe):
    """Lists of different length, or of none, are refused."""
    for count, labels in ((1, 2), (2, 1), (0, 1), (1, 0), (0, 0)):
        with observe.raises(f"{count} scores, {labels} labels"):
            hinge([Value(1.0)] * count, [1] * labels)


@probe(task="binary_cross_entropy", concept="loss", points=2)
def test_bce_values(observe):
    """Logits of both signs with both labels, alone and as a mean."""
    for label in (0, 1):
        for sign in (1, -1):
            z = Value(sign * observe.rng.uniform(0.1, 5))
            observe(f"sign {sign}, label {label}", binary_cross_entropy([z], [label]).data)
    z = values(observe, -3, 3, 4)
    observe("mean of four", binary_cross_entropy(z, [1, 0, 1, 1]).data)


@probe(task="binary_cross_entropy", concept="loss")
def test_bce_gradients(observe):
    """Gradients of the mean, at 0 too, and through a multiple of the loss."""
    z = [*values(observe, 0.1, 2, 2), *values(observe, -2, -0.1, 2), Value(0.0), Value(0.0)]
    labels = [0, 1, 0, 1, 0, 1]
    observe("of the loss", gradients(binary_cross_entropy(z, labels), z))
    z = [*values(observe, 0.1, 2), *values(observe, -2, -0.1), Value(0.0)]
    observe("of 0.7 times the loss", gradients(binary_cross_entropy(z, [0, 0, 1]), z, 0.7))


@probe(task="binary_cross_entropy", concept="stable-loss", points=2)
def test_bce_is_stable(observe):
    """Logits of ±1000 and ±40 with both labels, and 0: loss and gradients."""
    for label in (0, 1):
        z = [Value(x) for x in (1000.0, -1000.0, 40.0, -40.0, 0.0)]
        y = binary_cross_entropy(z, [label] * len(z))
        observe(f"loss, label {label}", y.data)
        observe(f"gradients, label {label}", gradients(y, z))
    observe("further out", binary_cross_entropy([Value(-12345.5)], [1]).data)


@probe(task="binary_cross_entropy", concept="loss")
def test_bce_arguments(observe):
    """Lists of different length, or of none, are refused."""
    for count, labels in ((1, 2), (2, 1), (0, 1), (1, 0), (0, 0)):
        with observe.raises(f"{count} logits, {labels} labels"):
            binary_cross_entropy([Value(1.0)] * count, [1] * labels)


@probe(task="cross_entropy", concept="loss", points=2)
def test_cross_entropy_values(observe):
    """Two to six classes, each of them as the target; logits that are equal."""
    for count in (2, 3, 6):
        z = values(observe, -2, 2, count)
        for target in {0, 1, count - 1}:
            observe(f"{count} classes, target {target}", cross_entropy(z, target).data)
    observe("four alike", cross_entropy([Value(0.75)] * 4, 2).data)
    observe("one class", cross_entropy([Value(0.75)], 0).data)


@probe(task="cross_entropy", concept="loss")
def test_cross_entropy_gradients(observe):
    """Softmax minus one-hot, for two to five logits, the largest and the smallest as target."""
    for count, target in ((2, 1), (3, 0), (5, 3)):
        z = values(observe, -1, 1, count)
        observe(f"{count} classes", gradients(cross_entropy(z, target), z))
    z = [Value(0.5), Value(2.0), Value(2.0)]
    observe("of 0.7 times the loss", gradients(cross_entropy(z, 1), z, 0.7))


@probe(task="cross_entropy", concept="stable-loss", points=2)
def test_cross_entropy_is_stable(observe):
    """Logits of ±1000 and further out, at any place, all of either sign."""
    for numbers, target in (
        ((1000.0, -1000.0, 999.0), 2),
        ((1000.0, -1000.0, 999.0), 1),
        ((-2e5, 3.0, -2e5 + 1), 0),
        ((-1000.0, -1001.5), 0),
        ((5e4, 5e4 - 0.25), 1),
    ):
        z = [Value(x) for x in numbers]
        y = cross_entropy(z, target)
        # rtol: the logits themselves are known to 1e-11 only
        observe(f"loss of {numbers}, {target}", y.data, rtol=1e-9)
        observe(f"gradients of {numbers}, {target}", gradients(y, z))


@probe(task="cross_entropy", concept="loss")
def test_cross_entropy_arguments(observe):
    """A target that is no class is refused, for any number of classes; the last one is not."""
    for count, target in ((3, 3), (3, -1), (3, 7), (2, -2), (1, 1), (5, -5), (3, 2), (5, 4)):
        with observe.raises(f"target {target} of {count}"):
            cross_entropy([Value(1.0)] * count, target)


@probe(task="optimizer_zero_grad", concept="training-loop", points=2)
def test_optimizer_clears_all(observe):
    """All gradients, whatever they were, and data stay."""
    ps = values(observe, 1, 2, 4)
    for p, g in zip(ps, (5.0, -1e-9, NAN, float("inf")), strict=True):
        p.grad = g
    Optimizer((p for p in ps), 0.1).zero_grad()
    observe("gradients", [p.grad for p in ps])
    observe("data", [p.data for p in ps])


@probe(task="optimizer_zero_grad", concept="training-loop", needs=["sgd", "adam"])
def test_clearing_between_steps(observe):
    """What an optimizer remembers is not cleared with the gradients."""
    ps = values(observe, 1, 2, 2)
    for name, optimizer in (("SGD", SGD(ps, 0.125, 0.5)), ("Adam", Adam(ps, 0.125))):
        for grads in ((1.0, -2.0), (3.0, 0.75)):
            ps[0].grad, ps[1].grad = grads
            optimizer.step()
            optimizer.zero_grad()
        observe(f"gradients, {name}", [p.grad for p in ps])
        observe(f"data, {name}", [p.data for p in ps], rtol=1e-9)


@probe(task="sgd", concept="update", points=2)
def test_one_step(observe):
    """One step of three parameters, without momentum: the rate times the gradient, against it."""
    ps = values(observe, 1, 2, 3)
    observe("data", walk(SGD(ps, 0.125), ps, [(2.5, -0.75, 0.0)]), rtol=1e-9)
    observe("gradients stay", [p.grad for p in ps])
    observe("two more", walk(SGD(ps, 0.5), ps, [(1.0, 0.5, 3.0), (-1.0, 2.0, 0.5)]), rtol=1e-9)


@probe(task="sgd", concept="update", points=2)
def test_momentum(observe):
    """Four steps with momentum, three parameters; another optimizer starts from rest."""
    ps = values(observe, 1, 2, 3)
    rows = [(1.0, -2.0, 0.5), (2.0, 1.0, 0.5), (-1.0, 3.0, -4.0), (0.5, 0.5, 0.5)]
    observe("data", walk(SGD(ps, 0.1, 0.9), ps, rows), rtol=1e-9)
    observe("another", walk(SGD(ps, 0.3, 0.25), ps, rows), rtol=1e-9)


@probe(task="sgd", concept="update")
def test_two_optimizers_at_once(observe):
    """Two optimizers take turns: each has velocities of its own, on shared parameters too."""
    p, q = values(observe, 1, 2, 2)
    first, second = SGD([p, q], 0.1, 0.9), SGD([q], 0.2, 0.5)
    for g in (1.0, -2.0, 0.5):
        p.grad, q.grad = g, 3 * g
        first.step()
        second.step()
    observe("data", [p.data, q.data], rtol=1e-9)


@probe(task="sgd", concept="update")
def test_momentum_without_gradients(observe):
    """Gradients of 0: a parameter that moves goes on, one that rests stays."""
    ps = values(observe, 1, 2, 2)
    rows = [(1.5, 0.0), (0.0, 0.0), (0.0, -2.0), (0.0, 0.0)]
    observe("data", walk(SGD(ps, 0.1, 0.75), ps, rows), rtol=1e-9)


@probe(task="sgd", concept="update")
def test_sgd_options(observe):
    """The rate may be changed between steps, and parameters come from a generator."""
    ps = values(observe, 1, 2, 2)
    optimizer = SGD((p for p in ps), 0.1, 0.5)
    observe("before", walk(optimizer, ps, [(1.0, -2.0), (0.5, 1.0)]), rtol=1e-9)
    optimizer.lr = 0.01
    observe("after", walk(optimizer, ps, [(1.0, -2.0), (0.5, 1.0)]), rtol=1e-9)


@probe(task="sgd", concept="update")
def test_sgd_bounds(observe):
    """Rates and momenta that make no sense are refused, at their bounds too; others are not."""
    for lr in (0.0, -1e-9, -3.0, 1e-9, 10.0):
        with observe.raises(f"lr {lr}"):
            SGD([], lr)
    for momentum in (-1e-9, -2.0, 1.0, 1.5, 0.0, 0.999):
        with observe.raises(f"momentum {momentum}"):
            SGD([], 0.1, momentum)


@probe(task="adam", concept="adam", points=2)
def test_adam_of_three(observe):
    """Four steps of three parameters: one call is one step for all of them."""
    ps = values(observe, 1, 2, 3)
    rows = [(1.0, -20.0, 0.5), (2.0, 10.0, 0.5), (-1.0, 30.0, -4.0), (0.5, 0.5, 0.5)]
    observe("data", walk(Adam(ps, 0.1), ps, rows), rtol=1e-9)
    observe("gradients stay", [p.grad for p in ps])


@probe(task="adam", concept="adam", points=2)
def test_adam_trajectory(observe):
    """Ten steps on a parabola, with betas and eps of one's own."""
    p = Value(observe.rng.uniform(2, 3))
    optimizer = Adam([p], 0.2, (0.8, 0.95), 1e-3)
    for i in range(10):
        p.grad = 2 * p.data
        optimizer.step()
        observe(f"data {i}", p.data, rtol=1e-9)


@probe(task="adam", concept="adam")
def test_adam_defaults(observe):
    """A rate of 1e-3, betas of 0.9 and 0.999, an eps of 1e-8, unless others are given."""
    ps = values(observe, 1, 2, 2)
    observe("data", walk(Adam(ps), ps, [(3e-8, 2.0), (-1e-8, 0.25), (2e-8, -1.0)]), rtol=1e-9)


@probe(task="adam", concept="adam")
def test_adam_without_gradients(observe):
    """Gradients of 0: a parameter that moves goes on, one that rests stays; both have a next."""
    ps = values(observe, 1, 2, 2)
    rows = [(1.5, 0.0), (0.0, 0.0), (0.0, -2.0), (0.0, 0.0), (1.0, 1.0)]
    observe("data", walk(Adam(ps, 0.1), ps, rows), rtol=1e-9)


@probe(task="adam", concept="adam")
def test_adam_small_gradients(observe):
    """eps stands outside the root, which shows when gradients are as small as eps."""
    ps = values(observe, 0, 1, 2)
    observe("data", walk(Adam(ps, 1.0, eps=1e-4), ps, [(1e-4, -3e-5), (2e-4, 1e-5)]), rtol=1e-9)


@probe(task="adam", concept="adam")
def test_two_adams_at_once(observe):
    """Two optimizers take turns: each counts its own steps and has moments of its own."""
    p, q = values(observe, 1, 2, 2)
    first, second = Adam([p, q], 0.1), Adam([q], 0.2, (0.5, 0.75))
    first.step()
    for g in (1.0, -2.0, 0.5):
        p.grad, q.grad = g, 3 * g
        first.step()
        second.step()
    observe("data", [p.data, q.data], rtol=1e-9)


@probe(task="adam", concept="adam")
def test_adam_options(observe):
    """The rate may be changed between steps, parameters may come from a generator, betas be 0."""
    ps = values(observe, 1, 2, 2)
    optimizer = Adam((p for p in ps), 0.1)
    observe("before", walk(optimizer, ps, [(1.0, -2.0), (0.5, 1.0)]), rtol=1e-9)
    optimizer.lr = 0.01
    observe("after", walk(optimizer, ps, [(1.0, -2.0), (0.5, 1.0)]), rtol=1e-9)
    optimizer = Adam(ps, 0.1, (0.0, 0.0), 0.5)
    observe("betas of 0", walk(optimizer, ps, [(1.0, -2.0), (0.5, 1.0)]), rtol=1e-9)


@probe(task="adam", concept="adam")
def test_adam_bounds(observe):
    """Rates and betas that make no sense are refused, at their bounds too; others are not."""
    for lr in (0.0, -1e-9, -3.0, 1e-9, 10.0):
        with observe.raises(f"lr {lr}"):
            Adam([], lr)
    for beta in (-1e-9, -2.0, 1.0, 1.5, 0.0, 0.9999):
        for betas in ((beta, 0.5), (0.5, beta)):
            with observe.raises(f"betas {betas}"):
                Adam([], 0.1, betas)


class Bench:
    """A model, a loss and an optimizer in one, of plain numbers: it notes what it is asked for."""

    def __init__(self, w, rate):
        self.w, self.rate, self.grad = w, rate, 50.0
        self.events, self.inputs, self.given = [], [], []

    def __call__(self, x):
        self.inputs.append(x)
        return self.w * x

    def loss(self, predictions, targets):
        self.given.append((isinstance(predictions, list), list(targets)))
        return Loss(self, sum(p * t for p, t in zip(predictions, targets, strict=True)))

    def zero_grad(self):
        self.events.append("zero")
        self.grad = 0.0

    def step(self):
        self.events.append("step")
        self.w -= self.rate * self.grad


class Loss:
    def __init__(self, bench, data):
        self.bench, self.data = bench, data

    def backward(self):
        self.bench.events.append("backward")
        self.bench.grad += self.data + 1


@probe(task="fit", concept="training-loop", points=2)
def test_order_of_an_epoch(observe):
    """What is asked of model, loss and optimizer, and in which order, for plain numbers."""
    for epochs in (1, 4):
        bench = Bench(observe.rng.uniform(1, 2), 0.125)
        losses = fit(bench, [0.5, -1.0], [2.0, 0.25], bench.loss, bench, epochs)
        observe(f"events of {epochs}", bench.events)
        observe(f"losses of {epochs}", losses)
        observe(f"w after {epochs}", bench.w)


@probe(task="fit", concept="training-loop")
def test_whole_set(observe):
    """Every input in every epoch, in order; the loss is given a list and all the targets."""
    bench = Bench(observe.rng.uniform(1, 2), 0.125)
    fit(bench, [0.5, -1.0, 3.0], [2.0, 0.25, -1.0], bench.loss, bench, 3)
    observe("inputs", bench.inputs[:9])
    observe("in a list", all(is_list for is_list, _ in bench.given))
    observe("targets", [targets for _, targets in bench.given[:3]])
    observe("w", bench.w)


@probe(task="fit", concept="training-loop")
def test_as_many_epochs(observe):
    """As many losses as epochs: none for none, and no end before the last."""
    bench = Bench(observe.rng.uniform(1, 2), 0.125)
    observe("none", fit(bench, [0.5], [2.0], bench.loss, bench, 0))
    observe("nothing happened", len(bench.events))
    bench.w = 0.0
    losses = fit(bench, [0.5], [2.0], bench.loss, bench, 5)
    observe("from a loss of 0", losses)
    bench = Bench(observe.rng.uniform(1, 2), -0.5)
    observe("growing", fit(bench, [0.5], [2.0], bench.loss, bench, 6))
    observe("a list", isinstance(losses, list))


@probe(task="fit", concept="training-loop", needs=["mse", "sgd", "optimizer_zero_grad"])
def test_fit_two_parameters(observe):
    """Gradients are cleared in every epoch, those from before training too."""
    w, b = values(observe, 0.25, 0.75, 2)
    w.grad, b.grad = 30.0, -20.0
    xs = [1.0, -2.0, 0.5]
    losses = fit(lambda x: w * x + b, xs, [2.0, -1.0, 0.0], mse, SGD([w, b], 0.1, 0.5), 8)
    observe("losses", losses, rtol=1e-9)
    observe("parameters", [w.data, b.data], rtol=1e-9)


@probe(task="fit", concept="training-loop", needs=["mse", "adam", "optimizer_zero_grad", "mlp"])
def test_fit_xor(observe):
    """XOR with a 2-2-1 network from a given start."""
    xs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    start = [0.9, -0.7, 0.1, -0.6, 0.8, -0.2, 0.7, 0.9, 0.05]
    model = MLP(2, [2, 1], rng=random.Random(0))
    for p, value in zip(model.parameters(), start, strict=True):
        p.data = value
    losses = fit(model, xs, [-1, 1, 1, -1], mse, Adam(model.parameters(), 0.2), 30)
    observe("loss under 0.2", losses[-1] < 0.2)
    observe("signs", [model(x).data > 0 for x in xs])
