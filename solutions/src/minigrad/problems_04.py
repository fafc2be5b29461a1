"""Problem set 04p: putting one backward pass to work. The tasks are in lab/04p-problems.md."""

from minigrad.scalar import Value


# phase 04p: newton
def newton(f, x, steps=20):
    """A root of `f` by Newton's method from the float `x`: x ← x − f(x)/f′(x), a float.

    `f` takes a Value and returns one. Each of the `steps` steps makes a new Value
    of the present x and gets f(x) and f′(x) from one forward and one backward
    pass. Stops at once where f(x) is 0. Raises ZeroDivisionError where f′(x) is 0.
    """
    for _ in range(steps):
        point = Value(x)
        y = f(point)
        if y.data == 0.0:
            break
        y.backward()
        x -= y.data / point.grad
    return x


# phase 04p: error_propagation
def error_propagation(f, values, sigmas):
    """The standard uncertainty of f(*values) when each input has its own: a float.

    To first order, σ² = Σ (∂f/∂xᵢ · σᵢ)² for inputs that vary independently. `f`
    takes Values and returns one; `values` and `sigmas` are lists of floats.
    """
    inputs = [Value(x) for x in values]
    f(*inputs).backward()
    return sum((x.grad * sigma) ** 2 for x, sigma in zip(inputs, sigmas, strict=True)) ** 0.5


# phase 04p: implicit_slope
def implicit_slope(f, x, y):
    """dy/dx along the curve f(x, y) = 0 at a point on it: −(∂f/∂x) / (∂f/∂y), a float.

    Raises ZeroDivisionError where the tangent is vertical.
    """
    u, v = Value(x), Value(y)
    f(u, v).backward()
    return -u.grad / v.grad


# phase 04p: horner
def horner(coefficients, x):
    """A polynomial, its slope, and its gradient by coefficient: (p(x), p′(x), [∂p/∂cᵢ]).

    `coefficients` are floats, the constant first: c₀ + c₁x + c₂x² + … . All
    three answers are floats (the last a list of them) from one backward pass over
    Horner's scheme, which multiplies once per coefficient and needs no power. No
    coefficients: (0.0, 0.0, []).
    """
    point, parameters = Value(x), [Value(c) for c in coefficients]
    result = Value(0.0)
    for c in reversed(parameters):
        result = result * point + c
    result.backward()
    return result.data, point.grad, [c.grad for c in parameters]


# phase 04p: loan_sensitivity
def loan_sensitivity(principal, rate, months):
    """The monthly payment of a loan and what it depends on: (M, ∂M/∂principal, ∂M/∂rate).

    M = P·r / (1 − (1 + r)^−n) for the principal P, the rate r per month (0.005 is
    half a per cent) and n months, a whole number. Three floats.
    """
    p, r = Value(principal), Value(rate)
    payment = p * r / (1 - (1 + r) ** -months)
    payment.backward()
    return payment.data, p.grad, r.grad


# phase 04p: fit_line
def fit_line(xs, ys, lr=0.05, steps=500):
    """Slope and intercept (a, b) of the line y = a·x + b, by gradient descent: two floats.

    Starts from a = b = 0. Each step takes the gradient of the mean squared error
    (1/n) Σ (a·xᵢ + b − yᵢ)² at the present a and b, then moves both by −lr times
    their partial derivatives.
    """
    a, b = Value(0.0), Value(0.0)
    for _ in range(steps):
        loss = sum((a * x + b - y) ** 2 for x, y in zip(xs, ys, strict=True)) / len(xs)
        loss.zero_grad()
        loss.backward()
        a.data -= lr * a.grad
        b.data -= lr * b.grad
    return a.data, b.data
