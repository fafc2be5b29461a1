"""Visible probes of phase 10. They observe; the judge compares with the reference."""

import numpy as np

from course.observe import probe
from minigrad.tensor import Tensor, as_tensor, cross_entropy, unbroadcast

MATRIX = [[1.0, -2.0, 0.0], [0.5, 4.0, -1.5]]
POSITIVE = [[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]]
ARRIVING = [[2.0, 1.0, -0.5], [3.0, 0.25, -4.0]]  # the gradient of a result of that shape


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


def look(observe, name, y, gradient, **inputs):
    """Observe a result, and what its inputs get where `gradient` arrives at the result."""
    observe(name, y.data.tolist())
    pull(y, gradient)
    for letter, tensor in inputs.items():
        observe(f"{name}: {letter}.grad", tensor.grad.tolist())


@probe(task="tensor", concept="array-node")
def test_leaf_tensor(observe):
    """A leaf: a copied float64 array, a gradient of its shape, inputs, names, repr."""
    given = np.ones(2)
    Tensor(given).data += 1.0
    observe("given", given.tolist())
    a = Tensor(MATRIX)
    observe("shape", list(a.shape))
    observe("grad", a.grad.tolist())
    observe("dtype", str(a.data.dtype))
    observe("dtype from ints", [str(part.dtype) for part in (Tensor([1, 2]).data, Tensor(3).grad)])
    observe("repr", repr(a))
    a._backward()
    b = Tensor([2.0], [a, a], "op", "b")
    observe("inputs are a tuple", type(b._prev) is tuple)
    observe("number of inputs", len(b._prev))
    observe("op and label", [b._op, b.label])
    observe("repr of a result", repr(b))


@probe(task="as_tensor", concept="wrapping")
def test_wrap_a_list(observe):
    """A list and a number are wrapped, a Tensor is kept."""
    a = Tensor([1.0])
    observe("kept", as_tensor(a) is a)
    observe("a list", as_tensor([1, 2]).data.tolist())
    observe("a number", as_tensor(3).data.tolist())


@probe(task="unbroadcast", concept="broadcasting")
def test_unbroadcast_a_matrix(observe):
    """(2, 3) down to (3,), (2, 1), (1, 1) and (); the gradient itself stays as it is."""
    grad = np.array(MATRIX)
    for shape in ((3,), (2, 1), (1, 1), (), (2, 3)):
        observe(f"down to {shape}", unbroadcast(grad, shape).tolist())
    row = np.array([[1.5, 2.5]])
    observe("(1, 2) down to (2,)", unbroadcast(row, (2,)).tolist())
    stack = np.array([MATRIX, ARRIVING])
    for shape in ((3,), (2, 1)):
        observe(f"(2, 2, 3) down to {shape}", unbroadcast(stack, shape).tolist())
    observe("afterwards", [array.tolist() for array in (grad, row, stack)])


@probe(task="tensor_backward", concept="repeated-backward")
def test_backward_through_sums(observe):
    """Sums of one number with itself, one pass and a second one; a leaf alone."""
    a = Tensor([[1.5]])
    u = a + a
    y = ((u + a) + a) + u
    for times in ("once", "twice"):
        y.backward()
        observe(times, [tensor.grad.tolist() for tensor in (a, u, y)])
        a.backward()
        observe(f"a.backward() {times}", a.grad.tolist())


@probe(task="tensor_backward", concept="seed")
def test_backward_from_one_number(observe):
    """It starts from exactly one number, and goes down a chain of 1,500 nodes."""
    with observe.raises("two numbers"):
        Tensor([1.0, 2.0]).backward()
    with observe.raises("no number"):
        Tensor([]).backward()
    y = Tensor(1.0)
    for _ in range(1_500):
        y = Tensor(0.25, (y,), "link")
    z = y.exp()
    z.backward()
    observe("y.grad", y.grad.item())


@probe(task="tensor_add", concept="array-rule")
def test_tensor_sum_of_two(observe):
    """A matrix plus a matrix, a row, a column, itself; a number or an array on the left."""
    a, b = Tensor(MATRIX), Tensor(POSITIVE)
    look(observe, "a + b", a + b, ARRIVING, a=a, b=b)
    look(observe, "a + a", a + a, ARRIVING, a=a)
    row, column = Tensor([2.0, 3.0, -1.0]), Tensor([[2.0], [-4.0]])
    look(observe, "a + row", a + row, ARRIVING, a=a, row=row)
    look(observe, "column + row", column + row, ARRIVING, column=column, row=row)
    look(observe, "2.5 + row", 2.5 + row, [1.0, -2.0, 4.0], row=row)
    y = np.array([0.5, -1.5, 2.5]) + row
    observe("array + row is a Tensor", isinstance(y, Tensor))
    look(observe, "array + row", y, [1.0, -2.0, 4.0], row=row)


@probe(task="tensor_mul", concept="array-rule")
def test_tensor_product_of_two(observe):
    """A matrix times a matrix, a row, a column, itself; a number on the left."""
    a, b = Tensor(MATRIX), Tensor(POSITIVE)
    look(observe, "a * b", a * b, ARRIVING, a=a, b=b)
    look(observe, "a * a", a * a, ARRIVING, a=a)
    row, column = Tensor([2.0, 3.0, -1.0]), Tensor([[2.0], [-4.0]])
    look(observe, "a * row", a * row, ARRIVING, a=a, row=row)
    look(observe, "column * row", column * row, ARRIVING, column=column, row=row)
    look(observe, "2.5 * row", 2.5 * row, [1.0, -2.0, 4.0], row=row)


@probe(task="tensor_sub", concept="array-rule")
def test_tensor_difference_of_two(observe):
    """A matrix minus a matrix, a row, a column, itself; a number minus a row; −row."""
    a, b = Tensor(MATRIX), Tensor(POSITIVE)
    look(observe, "a - b", a - b, ARRIVING, a=a, b=b)
    look(observe, "a - a", a - a, ARRIVING, a=a)
    row, column = Tensor([2.0, 3.0, -1.0]), Tensor([[2.0], [-4.0]])
    look(observe, "a - row", a - row, ARRIVING, a=a, row=row)
    look(observe, "column - row", column - row, ARRIVING, column=column, row=row)
    look(observe, "2.5 - row", 2.5 - row, [1.0, -2.0, 4.0], row=row)
    look(observe, "-row", -row, [1.0, -2.0, 4.0], row=row)


@probe(task="tensor_div", concept="array-rule")
def test_tensor_quotient_of_two(observe):
    """A matrix over a matrix, a row, a column, itself; a number over a row."""
    a, b = Tensor(MATRIX), Tensor(POSITIVE)
    look(observe, "a / b", a / b, ARRIVING, a=a, b=b)
    look(observe, "b / b", b / b, ARRIVING, b=b)
    row, column = Tensor([2.0, 3.0, -1.0]), Tensor([[2.0], [-4.0]])
    look(observe, "a / row", a / row, ARRIVING, a=a, row=row)
    look(observe, "column / row", column / row, ARRIVING, column=column, row=row)
    look(observe, "2.5 / row", 2.5 / row, [1.0, -2.0, 4.0], row=row)


@probe(task="tensor_pow", concept="array-rule")
def test_tensor_powers(observe):
    """Cubes, inverses, x ** 0 with a 0 among the numbers; a Tensor is no exponent."""
    a = Tensor(MATRIX)
    look(observe, "a ** 3", a**3, ARRIVING, a=a)
    b = Tensor(POSITIVE)
    look(observe, "b ** -1", b**-1, ARRIVING, b=b)
    look(observe, "b ** 0.5", b**0.5, ARRIVING, b=b)
    look(observe, "a ** 0", a**0, ARRIVING, a=a)
    with observe.raises("a Tensor as exponent"):
        a ** Tensor([2.0])
    with observe.raises("an array as exponent"):
        a ** np.array([1.0, 2.0, 3.0])


@probe(task="matmul", concept="matmul")
def test_matmul_rule(observe):
    """Two matrices, two stacks, a stack and a matrix either way; a vector is refused."""
    a = Tensor(MATRIX)
    b = Tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]])
    look(observe, "a @ b", a @ b, [[1.0, -2.0], [0.5, 3.0]], a=a, b=b)
    s = Tensor([[[1.0, 2.0], [0.5, -1.0]], [[3.0, 1.0], [-2.0, 4.0]]])
    t = Tensor([[[0.5, 1.0], [-3.0, 2.0]], [[1.5, -0.5], [2.5, 1.0]]])
    slopes = [[[1.0, 0.5], [0.0, -2.0]], [[0.25, 1.0], [3.0, 0.0]]]
    look(observe, "stack @ stack", s @ t, slopes, s=s, t=t)
    stack, c = Tensor([[[1.0, 2.0]], [[-3.0, 0.5]]]), Tensor([[1.5, -1.0], [0.25, 2.0]])
    look(observe, "stack @ c", stack @ c, [[[1.0, -2.0]], [[0.5, 3.0]]], stack=stack, c=c)
    d = Tensor([[[3.0], [-1.0]], [[0.5], [2.0]]])
    look(observe, "c @ d", c @ d, [[[1.5], [-2.0]], [[0.25], [3.0]]], c=c, d=d)
    with observe.raises("matrix @ vector"):
        a @ Tensor([1.0, 2.0, 3.0])
    with observe.raises("vector @ matrix"):
        Tensor([1.0, 2.0]) @ a


@probe(task="tensor_sum", concept="reduction")
def test_sum_axes(observe):
    """Sums of a square matrix: along each axis, over all, with keepdims."""
    a = Tensor([[1.0, 0.5], [-3.0, 4.0]])
    look(observe, "sum()", a.sum(), 1.5, a=a)
    look(observe, "sum(axis=0)", a.sum(axis=0), [1.0, -2.0], a=a)
    look(observe, "sum(axis=-1)", a.sum(axis=-1), [3.0, 0.25], a=a)
    look(observe, "keepdims", a.sum(axis=1, keepdims=True), [[3.0], [0.25]], a=a)
    look(observe, "both axes", a.sum(axis=(0, 1)), 2.5, a=a)


@probe(task="tensor_mean", concept="reduction")
def test_mean_axes(observe):
    """Means of a matrix: along each axis, over all, with keepdims."""
    a = Tensor(POSITIVE)
    look(observe, "mean()", a.mean(), 1.5, a=a)
    look(observe, "mean(axis=0)", a.mean(axis=0), [1.0, -2.0, 4.0], a=a)
    look(observe, "mean(axis=-1)", a.mean(axis=-1), [3.0, 0.25], a=a)
    look(observe, "keepdims", a.mean(axis=1, keepdims=True), [[3.0], [0.25]], a=a)
    look(observe, "both axes", a.mean(axis=(0, 1)), 2.5, a=a)


@probe(task="tensor_functions", concept="domain")
def test_exp_and_log(observe):
    """exp and log; log refuses an array with a 0 or a negative number in it."""
    a = Tensor(POSITIVE)
    y = a.exp()
    look(observe, "exp", y, ARRIVING, a=a)
    observe("gradient of the result, afterwards", y.grad.tolist())
    look(observe, "log", a.log(), ARRIVING, a=a)
    with observe.raises("log of 0"):
        Tensor([1.0, 0.0]).log()
    with observe.raises("log of -2"):
        Tensor([-2.0, 1.0]).log()


@probe(task="tensor_functions", concept="kink")
def test_tanh_and_relu(observe):
    """tanh, also far out; relu, also at 0; the array itself stays as it is."""
    a = Tensor(MATRIX)
    look(observe, "tanh", a.tanh(), ARRIVING, a=a)
    look(observe, "relu", a.relu(), ARRIVING, a=a)
    observe("a", a.data.tolist())
    corner = Tensor([-1.0, 0.0, 800.0])
    look(observe, "relu of a corner", corner.relu(), [3.0, -2.0, 0.25], corner=corner)
    look(observe, "tanh far out", corner.tanh(), [3.0, -2.0, 0.25], corner=corner)


@probe(task="reshape", concept="array-rule")
def test_reshape_back(observe):
    """(2, 3) to (3, 2) in both ways, and one length left open."""
    a = Tensor(MATRIX)
    arriving = [[1.0, -2.0], [0.5, 3.0], [-4.0, 0.25]]
    look(observe, "reshape(3, 2)", a.reshape(3, 2), arriving, a=a)
    look(observe, "reshape(-1, 2)", a.reshape(-1, 2), arriving, a=a)
    look(observe, "transpose()", a.transpose(), arriving, a=a)


@probe(task="reshape", concept="array-rule")
def test_transpose_by_axes(observe):
    """Axes given as numbers, as one tuple, negative ones, none."""
    a = Tensor([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]])
    arriving = [[[1.0, -2.0], [0.5, 3.0]], [[-4.0, 0.25], [2.0, -1.0]]]
    look(observe, "transpose(1, 2, 0)", a.transpose(1, 2, 0), arriving, a=a)
    look(observe, "transpose((2, 0, 1))", a.transpose((2, 0, 1)), arriving, a=a)
    look(observe, "transpose(-1, 0, 1)", a.transpose(-1, 0, 1), arriving, a=a)
    look(observe, "transpose()", a.transpose(), arriving, a=a)


@probe(task="tensor_cross_entropy", concept="softmax")
def test_rows_cross_entropy(observe):
    """Two rows of three, a loss that is used further; rows of ±1000 do not overflow."""
    far = Tensor([[1000.0, -1000.0], [-1000.0, -999.0]])
    look(observe, "rows far out", cross_entropy(far, [1, 0]), 1.0, far=far)
    z = Tensor([[1.0, 2.0, 0.5], [0.1, -1.0, 3.0]])
    look(observe, "loss", cross_entropy(z, [1, 0]), 2.5, z=z)
    observe("z", z.data.tolist())
