"""Hidden probes of phase 10. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.tensor import Tensor, as_tensor, cross_entropy, unbroadcast


@probe(task="tensor_add", concept="broadcasting")
def test_tensor_add_scalar(observe):
    """A single number and a column."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([[2.0], [-4.0]])
    y = a + b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_add", concept="reflected")
def test_tensor_add_reflected(observe):
    """A number on the left."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = 3.0 + a
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_mul", concept="broadcasting")
def test_tensor_mul_scalar(observe):
    """A single number and a column."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([[2.0], [-4.0]])
    y = a * b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_mul", concept="reflected")
def test_tensor_mul_reflected(observe):
    """A number on the left."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = 3.0 * a
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_sub", concept="broadcasting")
def test_tensor_sub_scalar(observe):
    """A single number and a column."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([[2.0], [-4.0]])
    y = a - b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_sub", concept="reflected")
def test_tensor_sub_reflected(observe):
    """A number on the left."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = 3.0 - a
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_div", concept="broadcasting")
def test_tensor_div_scalar(observe):
    """A single number and a column."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    b = Tensor([[2.0], [-4.0]])
    y = a / b
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_div", concept="reflected")
def test_tensor_div_reflected(observe):
    """A number on the left."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = 3.0 / a
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="matmul", concept="matmul")
def test_matmul_of_two(observe):
    """A row of three times (3, 2): two matrices, no stack."""
    a = Tensor([[1.5, -2.0, 0.25]])
    b = Tensor([[observe.rng.uniform(1, 2) for _ in range(2)] for _ in range(3)])
    y = a @ b
    y.sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="matmul", concept="matmul")
def test_matmul_batch(observe):
    """A stack of matrices against one."""
    a = Tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
    b = Tensor([[1.0, -1.0], [0.5, 2.0]])
    y = a @ b
    (y * y).sum().backward()
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="matmul", concept="matmul")
def test_matmul_needs_matrices(observe):
    """One dimension is refused."""
    with observe.raises("vector"):
        Tensor([1.0]) @ Tensor([1.0])


@probe(task="tensor_pow", concept="array-rule")
def test_pow_negative(observe):
    """Power −1."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a**-1
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_pow", concept="domain")
def test_pow_refuses(observe):
    """A Tensor is no exponent."""
    with observe.raises("tensor exponent"):
        Tensor([1.0]) ** Tensor([2.0])


@probe(task="tensor_sum", concept="reduction")
def test_sum_keepdims(observe):
    """Sum with keepdims."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a.sum(axis=1, keepdims=True)
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_sum", concept="reduction")
def test_sum_all(observe):
    """Sum of everything."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a.sum()
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_mean", concept="reduction")
def test_mean_all(observe):
    """Mean of everything."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a.mean()
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_mean", concept="reduction")
def test_mean_keepdims(observe):
    """Mean with keepdims."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a - a.mean(axis=0, keepdims=True)
    (y * y).sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_functions", concept="kink")
def test_relu_signs(observe):
    """relu of both signs and 0."""
    a = Tensor([-1.0, 0.0, 2.0])
    y = a.relu() * 3.0
    y.sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_functions", concept="domain")
def test_log_domain(observe):
    """log of 0 is refused."""
    with observe.raises("log"):
        Tensor([1.0, 0.0]).log()


@probe(task="reshape", concept="array-rule")
def test_transpose_rule(observe):
    """Transpose against a fixed array."""
    a = Tensor([[1.0, 0.5, 3.0], [0.25, 4.0, 1.5]])
    y = a.transpose() * Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    y.sum().backward()
    observe("a.grad", a.grad.tolist())


@probe(task="reshape", concept="array-rule")
def test_transpose_axes(observe):
    """Three axes permuted."""
    a = Tensor([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]])
    y = a.transpose(1, 2, 0) * Tensor([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 9.0]]])
    y.sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())


@probe(task="tensor_cross_entropy", concept="softmax")
def test_stable_cross_entropy(observe):
    """Logits of ±1000."""
    z = Tensor([[1000.0, -1000.0, 999.0]])
    y = cross_entropy(z, [2])
    y.backward()
    observe("loss", y.data.item())
    observe("gradient", z.grad.tolist())


@probe(task="tensor_cross_entropy", concept="softmax")
def test_cross_entropy_at_random(observe):
    """Random logits."""
    z = Tensor([[observe.rng.uniform(-1, 1) for _ in range(4)] for _ in range(3)])
    y = cross_entropy(z, [3, 0, 0])
    y.backward()
    observe("loss", y.data.item())
    observe("gradient", z.grad.tolist())


@probe(task="tensor", concept="array-node")
def test_tensor_copies(observe):
    """The caller's array is not changed."""
    import numpy as np

    given = np.ones(2)
    a = Tensor(given)
    a.data += 1
    observe("given", given.tolist())
    observe("from ints", str(Tensor([1, 2]).data.dtype))
    a._backward()


@probe(task="tensor", concept="array-node")
def test_tensor_inputs(observe):
    """Inputs are a tuple."""
    a = Tensor([1.0])
    b = Tensor([2.0], (a, a), "op")
    observe("inputs", len(b._prev))
    observe("repr", repr(b))


@probe(task="as_tensor", concept="wrapping")
def test_wrap_numbers(observe):
    """A number becomes a tensor without axes."""
    observe("shape", list(as_tensor(3).shape))


@probe(task="as_tensor", concept="wrapping")
def test_wrap_in_a_sum(observe):
    """Numbers and lists in arithmetic."""
    observe("value", as_tensor(2.5).data.item())


@probe(task="unbroadcast", concept="broadcasting")
def test_unbroadcast_kept_axis(observe):
    """(2, 3) down to (2, 1), (1, 3) and ()."""
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
    for shape in ((2, 1), (1, 3), (), (2, 3)):
        observe(f"{shape}", unbroadcast(a.data, shape).tolist())


@probe(task="unbroadcast", concept="broadcasting")
def test_unbroadcast_added_axes(observe):
    """Two axes added on the left."""
    import numpy as np

    observe("down", unbroadcast(np.arange(12.0).reshape(2, 2, 3), (3,)).tolist())


@probe(task="tensor_backward", concept="array-rule")
def test_backward_without_broadcasting(observe):
    """A product of two tensors of one shape, summed up: each receives the other."""
    a = Tensor([observe.rng.uniform(1, 2) for _ in range(3)])
    b = Tensor([-0.75, 1.25, 3.5])
    (a * b).sum().backward()
    observe("a.grad", a.grad.tolist())
    observe("b.grad", b.grad.tolist())


@probe(task="tensor_backward", concept="repeated-backward")
def test_backward_twice(observe):
    """Leaves accumulate, operation nodes do not."""
    a = Tensor([1.0, 2.0])
    u = a * 2.0
    y = (u * u).sum()
    y.backward()
    y.backward()
    observe("a.grad", a.grad.tolist())
    observe("u.grad", u.grad.tolist())


@probe(task="tensor_backward", concept="seed")
def test_backward_needs_one_number(observe):
    """Only a single number has a gradient here."""
    with observe.raises("vector"):
        (Tensor([1.0, 2.0]) * 2.0).backward()
    y = a = Tensor(1.0)
    for _ in range(5_000):
        y = y + 1.0
    y.backward()
    observe("deep", a.grad.item())


@probe(task="tensor_functions", concept="array-rule")
def test_tanh_rule(observe):
    """tanh of both signs: value and gradient."""
    a = Tensor([-0.5, 0.25, 1.5])
    y = a.tanh()
    y.sum().backward()
    observe("y", y.data.tolist())
    observe("a.grad", a.grad.tolist())
