"""Visible probes of phase 10. They observe; the judge compares with the reference."""

import numpy as np

from course.observe import probe
from minigrad.tensor import Tensor, as_tensor, cross_entropy, unbroadcast


@probe(task="tensor", concept="array-node")
def test_leaf_tensor(observe):
    """A leaf: data, gradient, shape; it copies what it is given."""
    given = np.ones(2)
    Tensor(given).data += 1.0
    observe("given", given.tolist())
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    observe("shape", list(a.shape))
    observe("grad", a.grad.tolist())
    observe("dtype", str(a.data.dtype))
    observe("repr", repr(a))


@probe(task="as_tensor", concept="wrapping")
def test_wrap_an_array(observe):
    """A list is wrapped, a Tensor kept."""
    a = Tensor([1.0])
    observe("kept", as_tensor(a) is a)
    observe("wrapped", as_tensor([1, 2]).data.tolist())


@probe(task="unbroadcast", concept="broadcasting")
def test_unbroadcast_rows(observe):
    """(2, 3) down to (3,)."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    observe("down", unbroadcast(a.data, (3,)).tolist())


@probe(task="tensor_backward", concept="array-rule")
def test_backward_of_a_product(observe):
    """The sum of (a * b)²; only a single number has a gradient."""
    with observe.raises("a vector"):
        (Tensor([1.0, 2.0]) * 2.0).backward()
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    y = a * b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_add", concept="broadcasting")
def test_tensor_add_broadcast(observe):
    """A row against a matrix."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([2.0, 3.0, -1.0])
    y = a + b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_mul", concept="broadcasting")
def test_tensor_mul_broadcast(observe):
    """A row against a matrix."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([2.0, 3.0, -1.0])
    y = a * b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_sub", concept="broadcasting")
def test_tensor_sub_broadcast(observe):
    """A row against a matrix."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([2.0, 3.0, -1.0])
    y = a - b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_div", concept="broadcasting")
def test_tensor_div_broadcast(observe):
    """A row against a matrix."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([2.0, 3.0, -1.0])
    y = a / b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="matmul", concept="matmul")
def test_matmul_rule(observe):
    """(2, 3) @ (3, 2)."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]])
    y = a @ b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_pow", concept="array-rule")
def test_pow_rule(observe):
    """Cubes."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a**3
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_sum", concept="reduction")
def test_sum_axis(observe):
    """Sum over rows."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a.sum(axis=0)
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_mean", concept="reduction")
def test_mean_axis(observe):
    """Mean over columns."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a.mean(axis=1)
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_functions", concept="array-rule")
def test_functions(observe):
    """exp, log, tanh and relu; relu at 0 has the gradient 0."""
    corner = Tensor([-1.0, 0.0, 2.0])
    corner.relu().sum().backward()
    observe("gradient of relu", corner.grad.tolist())
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a.exp() + a.log() + a.tanh() + a.relu()
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="reshape", concept="array-rule")
def test_reshape_rule(observe):
    """Reshape to (3, 2)."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a.reshape(3, 2)
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_cross_entropy", concept="softmax")
def test_rows_cross_entropy(observe):
    """Two rows of three; logits in the hundreds of thousands do not overflow."""
    observe("far out", cross_entropy(Tensor([[1e5, 1e5 - 2.0]]), [1]).data.item())
    z = Tensor([[1.0, 2.0, 0.5], [0.1, -1.0, 3.0]])
    y = cross_entropy(z, [1, 0])
    y.backward()
    observe("loss", y.data.item())
    observe("gradient", z.grad.tolist())
