"""Hidden probes of phase 10. They observe; the judge compares with the reference.

Rules are read from each result itself, with a gradient of its own in every place, so that a
task stands for itself. Where `backward` is meant, the graphs have one number per node.
"""

import numpy as np

from course.observe import probe
from minigrad.tensor import Tensor, as_tensor, cross_entropy, unbroadcast


def pull(y, gradient):
    """Give `y` this gradient and apply the rules from there down, without `backward`."""
    order, met = [], set()

    def visit(node):
        if id(node) not in met:
            met.add(id(node))
            for parent in node._prev:
                visit(parent)
            order.append(node)

    visit(y)
    for node in order:
        if node._prev:
            node.grad = np.zeros(node.shape)
    y.grad = np.array(gradient)
    for node in reversed(order):
        if node._prev:
            node._backward()


def show(observe, name, array):
    """Observe an array: its shape, and a sum in which every place has a weight of its own.

    There are thousands of numbers here, and a sandbox may not write that much.
    """
    observe(f"{name}: shape", str(tuple(array.shape)))
    observe(name, float(np.cos(np.arange(1.0, array.size + 1.0)) @ array.ravel()))


def look(observe, name, y, gradient, **inputs):
    """Observe a result, and what its inputs get where `gradient` arrives at the result."""
    show(observe, name, y.data)
    pull(y, gradient)
    for letter, tensor in inputs.items():
        show(observe, f"{name}: {letter}", tensor.grad)


def drawn(observe, *shape, signs=(-1, 1)):
    """An array of random sixteenths, a quarter or more from 0: short enough for float32, which
    is to be found out where it is asked for, and not in every sum."""
    draw = observe.rng
    numbers = [draw.choice(signs) * draw.randint(4, 36) / 16 for _ in range(int(np.prod(shape)))]
    return np.array(numbers).reshape(shape)


def look_again(observe, operation):
    """A result of two random matrices: its rule twice, the second time on top of the first.

    The inputs keep their data, and the result keeps the gradient that it was given.
    """
    a, b = Tensor(drawn(observe, 2, 3)), Tensor(drawn(observe, 2, 3))
    y = operation(a, b)
    gradient = [[1.75, -0.5, 3.25], [0.125, -2.5, 4.0]]
    look(observe, "once", y, gradient, a=a, b=b)
    observe("gradient of the result", y.grad.tolist())
    look(observe, "twice", y, gradient, a=a, b=b)
    observe("inputs", [a.data.tolist(), b.data.tolist()])


def look_broadcast(observe, operation):
    """Results of shapes that differ, each kind on the left first, then on the right."""
    shapes = [((2, 3), (3,)), ((1, 3), (2, 1)), ((2, 1, 2), (3, 1)), ((), (2, 2)), ((1,), (1, 1))]
    for one, other in [*((b, a) for a, b in shapes), *shapes]:
        a, b = Tensor(drawn(observe, *one)), Tensor(drawn(observe, *other))
        y = operation(a, b)
        look(observe, f"{one} and {other}", y, drawn(observe, *y.shape), a=a, b=b)


def look_reflected(observe, operation):
    """A number, a list and an array on either side."""
    for name, other in (("number", 1.75), ("array", np.array([0.5, -2.5, 1.25]))):
        for left in (False, True):
            a = Tensor(drawn(observe, 3))
            y = operation(other, a) if left else operation(a, other)
            where = f"{name} on the left" if left else f"{name} on the right"
            look(observe, where, y, [1.5, -0.75, 3.0], a=a)


@probe(task="tensor", concept="array-node")
def test_tensor_of_anything(observe):
    """Numbers, ints, nested tuples, arrays of other types: float64, with zeros beside it."""
    for name, given in {
        "number": observe.rng.uniform(3, 4),
        "ints": [[1, 2], [3, 5]],
        "tuples": ((1.5, 2.5), (3.25, 4.75), (-5.0, 6.0)),
        "three axes": drawn(observe, 2, 1, 3),
        "float32": np.array([1.5, 2.25], dtype=np.float32),
        "bool": True,
    }.items():
        a = Tensor(given)
        observe(f"{name}: data", a.data.tolist())
        observe(f"{name}: grad", a.grad.tolist())
        observe(f"{name}: types", [str(part.dtype) for part in (a.data, a.grad)])
        observe(f"{name}: shape is a tuple", type(a.shape) is tuple)
        observe(f"{name}: shape", list(a.shape))


@probe(task="tensor", concept="array-node")
def test_tensor_copies(observe):
    """The caller's array is not changed by what happens to the tensor, nor the other way."""
    given = drawn(observe, 3)
    a = Tensor(given)
    a.data += 1.0
    observe("given", given.tolist())
    given[0] = 7.0
    observe("a", a.data.tolist())
    a.grad += 1.0
    observe("data is not grad", a.data.tolist())
    observe("a second tensor", Tensor(given).grad.tolist())


@probe(task="tensor", concept="node")
def test_tensor_inputs(observe):
    """Inputs in their order and with repeats, names, the rule of a leaf, the texts."""
    a, b = Tensor(drawn(observe, 2)), Tensor(2.5, label="b")
    y = Tensor([[1.25]], [b, a, b], "some op", label="y")
    observe("inputs", [parent is wanted for parent, wanted in zip(y._prev, (b, a, b), strict=True)])
    observe("a tuple", [type(tensor._prev) is tuple for tensor in (a, y)])
    observe("names", [a._op, a.label, b.label, y._op, y.label])
    a._backward()
    observe("after the rule of a leaf", [a.data.tolist(), a.grad.tolist()])
    observe("texts", [repr(a), repr(b), repr(y)])


@probe(task="as_tensor", concept="wrapping")
def test_wrap_what_is_no_tensor(observe):
    """Numbers, lists and arrays become leaves."""
    for name, given in (
        ("number", observe.rng.uniform(3, 4)),
        ("list", [[1.5, 2.5], [4.0, 8.0]]),
        ("array", drawn(observe, 3)),
        ("NumPy scalar", np.float64(0.75)),
    ):
        a = as_tensor(given)
        observe(f"{name}: a Tensor", type(a) is Tensor)
        observe(name, a.data.tolist())
        observe(f"{name}: inputs", len(a._prev))


@probe(task="as_tensor", concept="wrapping")
def test_keep_a_tensor(observe):
    """A Tensor comes back itself, whatever is in it."""
    for name, a in (("leaf", Tensor([1.5])), ("result", Tensor(2.5, (Tensor(1.0),), "op"))):
        a.grad = np.array([1.5])
        observe(f"{name} is kept", as_tensor(a) is a)
        observe(f"{name}: grad", as_tensor(a).grad.tolist() == [1.5])


@probe(task="unbroadcast", concept="broadcasting")
def test_unbroadcast_added_axes(observe):
    """One axis and two axes added on the left, down to one number as well."""
    grad = drawn(observe, 2, 4, 3)
    for shape in ((4, 3), (3,), ()):
        observe(f"{shape}", unbroadcast(grad, shape).tolist())


@probe(task="unbroadcast", concept="broadcasting")
def test_unbroadcast_repeated_axes(observe):
    """Axes of length 1 that were repeated keep that length."""
    grad = drawn(observe, 3, 2, 4)
    for shape in ((1, 2, 4), (3, 1, 4), (3, 2, 1), (3, 1, 1), (1, 1, 1), (3, 2, 4)):
        observe(f"{shape}", unbroadcast(grad, shape).tolist())


@probe(task="unbroadcast", concept="broadcasting")
def test_unbroadcast_both_kinds(observe):
    """Axes added and axes repeated at once; square arrays; what was never repeated."""
    for before, shape in (
        ((4, 2, 3), (2, 1)),
        ((4, 2, 3), (1, 3)),
        ((3, 3, 3), (1, 3)),
        ((3, 3, 3), (3, 1)),
        ((2, 2), (1, 1)),
        ((1, 3), (3,)),
        ((1, 1), (1,)),
        ((5,), (1,)),
        ((), ()),
    ):
        grad = drawn(observe, *before)
        observe(f"{before} to {shape}", unbroadcast(grad, shape).tolist())


@probe(task="unbroadcast", concept="broadcasting")
def test_unbroadcast_changes_nothing(observe):
    """The gradient that was given is the same afterwards, its shape too."""
    for before, shape in (((4, 2, 3), (3,)), ((2, 3), (2, 1)), ((1, 3), (3,)), ((2,), ())):
        grad = drawn(observe, *before)
        observe(f"{before} down to {shape}", unbroadcast(grad, shape).tolist())
        observe(f"{before} afterwards", grad.tolist())


@probe(task="tensor_backward", concept="accumulation")
def test_backward_with_sums(observe):
    """Sums only: nodes used several times, near and far from the result; equal numbers."""
    x = drawn(observe, 1)
    a, b = Tensor(x), Tensor(x)
    u, w = a + b, a + b
    v = u + w
    y = (((v + a) + v) + w) + (b + b)
    a.grad = np.array([0.625])
    y.backward()
    for name, tensor in zip("abuwvy", (a, b, u, w, v, y), strict=True):
        observe(f"{name}.grad", tensor.grad.tolist())


@probe(task="tensor_backward", concept="accumulation")
def test_backward_with_products(observe):
    """Products only: squares of a square, and a factor from far below."""
    a, b = Tensor(observe.rng.randint(5, 7) / 4), Tensor(-0.75)
    u = a * b
    v = u * u
    y = ((v * v) * u) * a
    y.backward()
    for name, tensor in zip("abuvy", (a, b, u, v, y), strict=True):
        observe(f"{name}.grad", tensor.grad.tolist())
    ((u * a) * (u * u)).backward()
    observe("after another result", [tensor.grad.tolist() for tensor in (a, b, u)])


@probe(task="tensor_backward", concept="seed")
def test_backward_through_functions(observe):
    """Functions only, from the shapes (1, 1), (1,) and (): every node keeps its gradient."""
    for shape in ((1, 1), (1,), ()):
        a = Tensor(np.full(shape, observe.rng.uniform(1, 2)))
        u = a.tanh()
        v = u.exp()
        y = v.log().tanh()
        y.backward()
        for name, tensor in zip("auvy", (a, u, v, y), strict=True):
            observe(f"{shape}: {name}.grad", tensor.grad.tolist())
    a = Tensor([[observe.rng.uniform(1, 2)]])
    a.backward()
    observe("a leaf", a.grad.tolist())


@probe(task="tensor_backward", concept="repeated-backward")
def test_backward_again(observe):
    """Leaves accumulate from pass to pass, operations start afresh, the result too."""
    a = Tensor([observe.rng.uniform(1, 2)])
    u = a.exp()
    y, z = u.tanh(), u.log()
    for name, start in (("y", y), ("y again", y), ("z", z), ("y at last", y)):
        start.backward()
        observe(name, [tensor.grad.tolist() for tensor in (a, u, start)])
    leaf = Tensor(2.5)
    leaf.grad = np.array(0.375)
    leaf.backward()
    leaf.backward()
    observe("a leaf twice", leaf.grad.tolist())


@probe(task="tensor_backward", concept="array-rule")
def test_backward_of_matrices(observe):
    """The sum of a product of two matrices: each receives the other; twice is twice."""
    a, b = Tensor(drawn(observe, 2, 3)), Tensor(drawn(observe, 2, 3))
    u = a * b
    y = u.sum()
    for times in ("once", "twice"):
        y.backward()
        observe(f"{times}: a.grad", a.grad.tolist())
        observe(f"{times}: b.grad", b.grad.tolist())
        observe(f"{times}: u.grad", u.grad.tolist())


@probe(task="tensor_backward", concept="seed")
def test_backward_needs_one_number(observe):
    """No result but a single number has a gradient here; what was there stays."""
    for shape in ((2,), (1, 3), (0,), (2, 0), (3, 1, 1)):
        a = Tensor(np.full(shape, 1.5))
        with observe.raises(f"{shape}"):
            a.backward()
        observe(f"{shape}: grad", a.grad.tolist())


@probe(task="tensor_backward", concept="depth-and-width", seconds=1.0)
def test_backward_far_down(observe):
    """10,000 nodes below the result, whose old gradients go; none of them recurses."""
    y = bottom = Tensor(observe.rng.uniform(0, 1))
    for _ in range(10_000):
        below, y = y, Tensor(0.5, (y,))
    below.grad = np.array(3.5)
    z = y.exp()
    z.backward()
    observe("y.grad", y.grad.item())
    observe("below", [below.grad.item(), bottom.grad.item()])


@probe(task="tensor_backward", concept="depth-and-width", seconds=1.0)
def test_backward_from_the_result_down(observe):
    """A product of 2,000 leaves takes one pass, not one for each of them: each rule runs once.

    And the last factors of a chain are multiplied first: then no product overflows, while the
    first two alone are 1e310.
    """
    leaves = [Tensor(1.0 + i % 5 / 1_000) for i in range(2_000)]
    y = leaves[0]
    for leaf in leaves[1:]:
        y = y * leaf
    y.backward()
    observe("y", y.data.item(), rtol=1e-10)
    observe("gradients", sum(leaf.grad.item() for leaf in leaves), rtol=1e-10)
    y = x = Tensor(observe.rng.uniform(1, 2) * 1e-160)
    for factor in (1e155, 1e155, 1e-150, 1e-150):
        y = y * factor
    y.backward()
    observe("x.grad", x.grad.item(), rtol=1e-10)


@probe(task="tensor_add", concept="array-rule")
def test_tensor_add_adds_to_gradients(observe):
    """Two matrices: a rule adds to what is there, and changes nothing else."""
    look_again(observe, lambda a, b: a + b)


@probe(task="tensor_add", concept="accumulation")
def test_tensor_add_to_itself(observe):
    """a + a, of a matrix and of a number."""
    for shape in ((2, 3), ()):
        a = Tensor(drawn(observe, *shape))
        look(observe, f"{shape}", a + a, drawn(observe, *shape), a=a)


@probe(task="tensor_add", concept="broadcasting")
def test_tensor_add_broadcast(observe):
    """Shapes that differ, either way round."""
    look_broadcast(observe, lambda a, b: a + b)


@probe(task="tensor_add", concept="reflected")
def test_tensor_add_reflected(observe):
    """Numbers and arrays on either side."""
    look_reflected(observe, lambda a, b: a + b)


@probe(task="tensor_mul", concept="array-rule")
def test_tensor_mul_adds_to_gradients(observe):
    """Two matrices: a rule adds to what is there, and changes nothing else."""
    look_again(observe, lambda a, b: a * b)


@probe(task="tensor_mul", concept="accumulation")
def test_tensor_mul_with_itself(observe):
    """a * a, of a matrix with a 0 in it and of a number."""
    for shape in ((2, 3), ()):
        a = Tensor(drawn(observe, *shape))
        if shape:
            a.data[0, 1] = 0.0
        look(observe, f"{shape}", a * a, drawn(observe, *shape), a=a)


@probe(task="tensor_mul", concept="broadcasting")
def test_tensor_mul_broadcast(observe):
    """Shapes that differ, either way round."""
    look_broadcast(observe, lambda a, b: a * b)


@probe(task="tensor_mul", concept="reflected")
def test_tensor_mul_reflected(observe):
    """Numbers and arrays on either side."""
    look_reflected(observe, lambda a, b: a * b)


@probe(task="tensor_sub", concept="array-rule")
def test_tensor_sub_adds_to_gradients(observe):
    """Two matrices: a rule adds to what is there, and changes nothing else."""
    look_again(observe, lambda a, b: a - b)


@probe(task="tensor_sub", concept="accumulation")
def test_tensor_sub_from_itself(observe):
    """a − a has the gradient 0; another difference tells it from a rule that does nothing."""
    for shape in ((2, 3), ()):
        a, b = Tensor(drawn(observe, *shape)), Tensor(drawn(observe, *shape))
        look(observe, f"{shape}", a - a, drawn(observe, *shape), a=a)
        look(observe, f"{shape}, b", b - a, drawn(observe, *shape), a=a, b=b)


@probe(task="tensor_sub", concept="broadcasting")
def test_tensor_sub_broadcast(observe):
    """Shapes that differ, either way round."""
    look_broadcast(observe, lambda a, b: a - b)


@probe(task="tensor_sub", concept="reflected")
def test_tensor_sub_reflected(observe):
    """Numbers and arrays on either side."""
    look_reflected(observe, lambda a, b: a - b)


@probe(task="tensor_sub", concept="array-rule")
def test_tensor_neg(observe):
    """−a, on top of a gradient that is there."""
    a = Tensor(drawn(observe, 2, 3))
    a.grad = drawn(observe, 2, 3)
    look(observe, "-a", -a, drawn(observe, 2, 3), a=a)
    observe("a", a.data.tolist())


@probe(task="tensor_div", concept="array-rule")
def test_tensor_div_adds_to_gradients(observe):
    """Two matrices: a rule adds to what is there, and changes nothing else."""
    look_again(observe, lambda a, b: a / b)


@probe(task="tensor_div", concept="array-rule")
def test_tensor_div_values(observe):
    """What quotients are, before any gradient."""
    a, b = Tensor(drawn(observe, 2, 3)), Tensor(drawn(observe, 3))
    observe("a / b", (a / b).data.tolist())
    observe("b / a", (b / a).data.tolist())
    observe("numbers", [(a / 3).data.tolist(), (3 / a).data.tolist()])


@probe(task="tensor_div", concept="accumulation")
def test_tensor_div_by_itself(observe):
    """a / a has the gradient 0; b / a tells it from a rule that does nothing, with a 0 in b."""
    for shape in ((2, 3), ()):
        a, b = Tensor(drawn(observe, *shape)), Tensor(drawn(observe, *shape))
        if shape:
            b.data[1, 0] = 0.0
        look(observe, f"{shape}", a / a, drawn(observe, *shape), a=a)
        look(observe, f"{shape}, b", b / a, drawn(observe, *shape), a=a, b=b)


@probe(task="tensor_div", concept="broadcasting")
def test_tensor_div_broadcast(observe):
    """Shapes that differ, either way round."""
    look_broadcast(observe, lambda a, b: a / b)


@probe(task="tensor_div", concept="reflected")
def test_tensor_div_reflected(observe):
    """Numbers and arrays on either side."""
    look_reflected(observe, lambda a, b: a / b)
    a = Tensor(drawn(observe, 2, 3))
    look(observe, "0 / a", 0 / a, drawn(observe, 2, 3), a=a)


@probe(task="tensor_pow", concept="array-rule")
def test_tensor_power_rule(observe):
    """Whole and fractional, positive and negative exponents, on top of what is there."""
    a = Tensor(drawn(observe, 2, 3, signs=(1,)))
    a.grad = drawn(observe, 2, 3)
    for k in (2, 1, -2, 0.5, -1.5, 3.0):
        y = a**k
        look(observe, f"a ** {k}", y, [[1.75, -0.5, 3.25], [0.125, -2.5, 4.0]], a=a)
        observe(f"gradient of a ** {k}", y.grad.tolist())
    observe("a", a.data.tolist())


@probe(task="tensor_pow", concept="domain")
def test_tensor_power_of_zero(observe):
    """0 and negative numbers to the powers 0, 0.0, 1, 2 and 3."""
    a = Tensor([0.0, -observe.rng.randint(17, 31) / 16, 0.0, 2.5])
    for k in (0, 0.0, 1, 2, 3):
        look(observe, f"a ** {k}", a**k, [1.75, -0.5, 3.25, 0.125], a=a)


@probe(task="tensor_pow", concept="domain")
def test_tensor_power_refuses(observe):
    """Only a real number can be an exponent."""
    a = Tensor([1.5, 2.5])
    for name, k in {
        "Tensor": Tensor([2.0, 3.0]),
        "number in a Tensor": Tensor(2.0),
        "text": "2",
        "nothing": None,
        "complex": 1j,
        "list": [2.0, 3.0],
        "array": np.array([2.0, 3.0]),
    }.items():
        with observe.raises(name):
            a**k


@probe(task="tensor_pow", concept="wrapping")
def test_tensor_power_of_numpy(observe):
    """NumPy's scalars are real numbers too."""
    a = Tensor(drawn(observe, 3, signs=(1,)))
    for k in (np.int64(2), np.float64(-0.5), np.float32(1.5)):
        look(observe, f"{type(k).__name__}", a**k, [1.75, -0.5, 3.25], a=a)


@probe(task="matmul", concept="matmul")
def test_matmul_of_two(observe):
    """Two matrices, on top of gradients that are there; nothing else changes."""
    a, b = Tensor(drawn(observe, 2, 3)), Tensor(drawn(observe, 3, 4))
    a.grad, b.grad = drawn(observe, 2, 3), drawn(observe, 3, 4)
    y = a @ b
    look(observe, "y", y, drawn(observe, 2, 4), a=a, b=b)
    observe("gradient of the result", y.grad.tolist())
    observe("inputs", [a.data.tolist(), b.data.tolist()])


@probe(task="matmul", concept="accumulation")
def test_matmul_of_squares(observe):
    """Square matrices, where a wrong transpose fits as well; a @ a; an array on the right."""
    a, b = Tensor(drawn(observe, 3, 3)), Tensor(drawn(observe, 3, 3))
    look(observe, "a @ b", a @ b, drawn(observe, 3, 3), a=a, b=b)
    look(observe, "a @ a", a @ a, drawn(observe, 3, 3), a=a)
    look(observe, "a @ array", a @ drawn(observe, 3, 2), drawn(observe, 3, 2), a=a)


@probe(task="matmul", concept="broadcasting")
def test_matmul_of_stacks(observe):
    """Stacks of matrices against one, against stacks, and stacks of stacks."""
    for one, other in (
        ((2, 2, 2), (2, 2, 2)),
        ((2, 1, 3), (3, 2)),
        ((2, 3), (2, 3, 1)),
        ((2, 1, 3), (2, 3, 2)),
        ((1, 2, 3), (2, 3, 1)),
        ((2, 1, 1, 2), (3, 2, 1)),
    ):
        a, b = Tensor(drawn(observe, *one)), Tensor(drawn(observe, *other))
        y = a @ b
        look(observe, f"{one} @ {other}", y, drawn(observe, *y.shape), a=a, b=b)


@probe(task="matmul", concept="domain")
def test_matmul_needs_matrices(observe):
    """Values of products; fewer than two axes are refused on either side."""
    stack, matrix = Tensor(drawn(observe, 3, 1, 2)), Tensor(drawn(observe, 2, 2))
    observe("values", [(one @ matrix).data.tolist() for one in (stack, matrix)])
    vector, number = Tensor([1.5, 2.5]), Tensor(2.5)
    for name, one, other in (
        ("vector @ vector", vector, vector),
        ("matrix @ vector", matrix, vector),
        ("vector @ matrix", vector, matrix),
        ("matrix @ number", matrix, number),
    ):
        with observe.raises(name):
            one @ other


@probe(task="tensor_sum", concept="reduction")
def test_sum_along_an_axis(observe):
    """One axis, counted from either end; a square array shows where a gradient went."""
    for shape in ((3, 3), (2, 2, 2)):
        a = Tensor(drawn(observe, *shape))
        for axis in range(-1, len(shape)):
            y = a.sum(axis=axis)
            look(observe, f"{shape} along {axis}", y, drawn(observe, *y.shape), a=a)


@probe(task="tensor_sum", concept="reduction")
def test_sum_with_keepdims(observe):
    """The summed axes stay, with length 1; without an axis, all of them."""
    a = Tensor(drawn(observe, 3, 3))
    for axis in (0, 1, -1, None, (0, 1)):
        y = a.sum(axis=axis, keepdims=True)
        look(observe, f"along {axis}", y, drawn(observe, *y.shape), a=a)
    y = a.sum(1, True)
    look(observe, "by position", y, drawn(observe, *y.shape), a=a)


@probe(task="tensor_sum", concept="reduction")
def test_sum_over_several_axes(observe):
    """A tuple of axes, in any order, negative ones too."""
    a = Tensor(drawn(observe, 2, 3, 2))
    for axis in ((0, 2), (1, 0), (-1, 0), (-2,), (-1, -2), (0, 1, 2)):
        y = a.sum(axis=axis)
        look(observe, f"{axis}", y, drawn(observe, *y.shape), a=a)


@probe(task="tensor_sum", concept="array-rule")
def test_sum_of_everything(observe):
    """All elements, of any shape, on top of what is there; nothing else changes."""
    for shape in ((), (1,), (1, 1), (3, 1), (2, 3)):
        a = Tensor(drawn(observe, *shape))
        a.grad = drawn(observe, *shape)
        y = a.sum()
        look(observe, f"{shape}", y, drawn(observe), a=a)
        observe(f"{shape}: data", a.data.tolist())
        observe(f"{shape}: gradient of the sum", y.grad.tolist())


@probe(task="tensor_mean", concept="reduction")
def test_mean_values(observe):
    """What means are, before any gradient."""
    a = Tensor(drawn(observe, 2, 3, 4))
    for axis in (None, 0, 1, -1, (0, 2)):
        for keepdims in (False, True):
            observe(f"{axis} {keepdims}", a.mean(axis=axis, keepdims=keepdims).data.tolist())


@probe(task="tensor_mean", concept="reduction")
def test_mean_along_an_axis(observe):
    """One axis, counted from either end, with and without keepdims."""
    for shape in ((3, 3), (2, 3, 2)):
        a = Tensor(drawn(observe, *shape))
        for axis, keepdims in ((0, False), (1, False), (-1, False), (0, True), (-1, True)):
            y = a.mean(axis=axis, keepdims=keepdims)
            look(observe, f"{shape} along {axis} {keepdims}", y, drawn(observe, *y.shape), a=a)


@probe(task="tensor_mean", concept="reduction")
def test_mean_over_several_axes(observe):
    """A tuple of axes, in any order, negative ones too."""
    a = Tensor(drawn(observe, 2, 3, 2))
    for axis in ((0, 2), (1, 0), (-1, 0), (-2,), (0, 1, 2)):
        y = a.mean(axis=axis)
        look(observe, f"{axis}", y, drawn(observe, *y.shape), a=a)


@probe(task="tensor_mean", concept="array-rule")
def test_mean_of_everything(observe):
    """All elements, of any shape, on top of what is there; nothing else changes."""
    for shape in ((), (1,), (1, 1), (4, 1), (2, 4)):
        a = Tensor(drawn(observe, *shape))
        a.grad = drawn(observe, *shape)
        look(observe, f"{shape}", a.mean(), drawn(observe), a=a)
        observe(f"{shape}: data", a.data.tolist())


def look_at_function(observe, function, signs=(-1, 1)):
    """A function of a matrix and of one number, on top of a gradient that is there."""
    for shape in ((2, 3), ()):
        a = Tensor(drawn(observe, *shape, signs=signs))
        a.grad = drawn(observe, *shape)
        y = function(a)
        gradient = drawn(observe, *shape)
        look(observe, f"{shape}", y, gradient, a=a)
        observe(f"{shape}: data", a.data.tolist())
        observe(f"{shape}: gradient of the result", y.grad.tolist())


@probe(task="tensor_functions", concept="array-rule")
def test_exp_rule(observe):
    """exp: value and rule."""
    look_at_function(observe, lambda a: a.exp())


@probe(task="tensor_functions", concept="domain")
def test_log_rule(observe):
    """log: value and rule; any number that is not positive is refused."""
    look_at_function(observe, lambda a: a.log(), signs=(1,))
    for given in ([1.5, 0.0], [[1.5, 2.5], [-3.5, 4.5]], [-1.5, -2.5], 0.0):
        with observe.raises(f"log of {given}"):
            Tensor(given).log()


@probe(task="tensor_functions", concept="array-rule")
def test_tanh_rule(observe):
    """tanh: value and rule, and far out."""
    look_at_function(observe, lambda a: a.tanh())
    a = Tensor([-400.0, 0.25, 1000.0])
    look(observe, "far out", a.tanh(), [1.75, -0.5, 3.25], a=a)


@probe(task="tensor_functions", concept="kink")
def test_relu_rule(observe):
    """relu: value and rule, and at 0."""
    look_at_function(observe, lambda a: a.relu())
    a = Tensor([[-1.5, 0.0], [2.5, 0.0]])
    look(observe, "with zeros", a.relu(), [[1.75, -0.5], [3.25, 4.0]], a=a)


@probe(task="reshape", concept="array-rule")
def test_reshape_rule(observe):
    """Other shapes of twelve numbers, one length left open; on top of what is there."""
    a = Tensor(drawn(observe, 3, 4))
    a.grad = drawn(observe, 3, 4)
    for shape in ((4, 3), (2, 3, 2), (-1,), (2, -1)):
        y = a.reshape(*shape)
        look(observe, f"{shape}", y, drawn(observe, *y.shape), a=a)
    show(observe, "gradient of the result", y.grad)
    show(observe, "a, afterwards", a.data)


@probe(task="reshape", concept="array-rule")
def test_transpose_rule(observe):
    """Axes reversed, of one to three axes, and swapped; on top of what is there."""
    for shape in ((2, 3), (3, 3), (2, 3, 2), (3,)):
        a = Tensor(drawn(observe, *shape))
        a.grad = drawn(observe, *shape)
        y = a.transpose()
        look(observe, f"{shape} reversed", y, drawn(observe, *y.shape), a=a)
        observe(f"{shape}: data", a.data.tolist())
    b = Tensor(drawn(observe, 2, 3))
    look(observe, "swapped", b.transpose(1, 0), drawn(observe, 3, 2), b=b)


@probe(task="reshape", concept="array-rule")
def test_transpose_axes(observe):
    """Three axes and four in every kind of order: some are not their own inverse."""
    for shape, orders in {
        (2, 2, 2): ((1, 2, 0), (0, 2, 1)),
        (1, 3, 2): ((2, 0, 1), (1, 0, 2)),
        (1, 2, 3, 2): ((3, 0, 1, 2), (2, 3, 1, 0)),
    }.items():
        a = Tensor(drawn(observe, *shape))
        for axes in orders:
            y = a.transpose(*axes)
            look(observe, f"{shape} as {axes}", y, drawn(observe, *y.shape), a=a)


@probe(task="reshape", concept="array-rule")
def test_transpose_negative_axes(observe):
    """Axes in one tuple, and axes that count from the last."""
    a = Tensor(drawn(observe, 2, 3, 2))
    for axes in ((-1, 0, 1), (-2, -1, -3)):
        for name, y in (("numbers", a.transpose(*axes)), ("tuple", a.transpose(axes))):
            look(observe, f"{name} {axes}", y, drawn(observe, *y.shape), a=a)


@probe(task="tensor_cross_entropy", concept="softmax")
def test_cross_entropy_values(observe):
    """What losses are, before any gradient: rows that are sure, unsure, wrong."""
    z = Tensor(drawn(observe, 4, 3))
    for targets in ([2, 0, 0, 1], [1, 1, 1, 1]):
        observe(f"{targets}", cross_entropy(z, targets).data.tolist())
    observe("one row", cross_entropy(Tensor(drawn(observe, 1, 2)), [1]).data.tolist())
    observe("logits", z.data.tolist())


@probe(task="tensor_cross_entropy", concept="softmax")
def test_cross_entropy_gradient(observe):
    """Three rows of four: the loss and its gradient; one of the rows alone."""
    z = Tensor(drawn(observe, 3, 4))
    look(observe, "three rows", cross_entropy(z, [3, 0, 0]), 1.0, z=z)
    row = Tensor(drawn(observe, 1, 3))
    look(observe, "one row", cross_entropy(row, [1]), 1.0, row=row)


@probe(task="tensor_cross_entropy", concept="array-rule")
def test_cross_entropy_is_an_operation(observe):
    """A part of a larger graph: any gradient may arrive, and adds to what is there."""
    z = Tensor(drawn(observe, 4, 2))
    z.grad = drawn(observe, 4, 2)
    y = cross_entropy(z, [0, 1, 1, 0])
    look(observe, "once", y, -1.75, z=z)
    look(observe, "twice", y, 0.625, z=z)


@probe(task="tensor_cross_entropy", concept="numerical-stability")
def test_stable_cross_entropy(observe):
    """Logits of ±1000 in one row, and in rows that are far apart; sure and impossible targets."""
    z = Tensor([[1000.0, -1000.0, 999.0], [-1000.0, 1000.0, 0.0]])
    for targets in ([2, 1], [0, 0], [1, 2]):
        look(observe, f"{targets}", cross_entropy(z, targets), 1.0, z=z)
    x = observe.rng.uniform(1, 2)
    far = Tensor([[1000.0, 1000.0 - x, 999.0], [-1000.0, -999.0, -1000.0 - x], [x, 0.0, -x]])
    look(observe, "rows far apart", cross_entropy(far, [1, 2, 0]), 1.0, far=far)
