"""Problem set 04p: putting one backward pass to work. The tasks are in lab/04p-problems.md."""

from minigrad.scalar import Value


def newton(f, x, steps=20):
    """A root of `f` by Newton's method from the float `x`: x ← x − f(x)/f′(x), a float.

    `f` takes a Value and returns one. Each of the `steps` steps makes a new Value
    of the present x and gets f(x) and f′(x) from one forward and one backward
    pass. Stops at once where f(x) is 0. Raises ZeroDivisionError where f′(x) is 0.
    """
    raise NotImplementedError("phase 04p: newton")


def error_propagation(f, values, sigmas):
    """The standard uncertainty of f(*values) when each input has its own: a float.

    To first order, σ² = Σ (∂f/∂xᵢ · σᵢ)² for inputs that vary independently. `f`
    takes Values and returns one; `values` and `sigmas` are lists of floats.
    """
    raise NotImplementedError("phase 04p: error_propagation")


def implicit_slope(f, x, y):
    """dy/dx along the curve f(x, y) = 0 at a point on it: −(∂f/∂x) / (∂f/∂y), a float.

    Raises ZeroDivisionError where the tangent is vertical.
    """
    raise NotImplementedError("phase 04p: implicit_slope")


def horner(coefficients, x):
    """A polynomial, its slope, and its gradient by coefficient: (p(x), p′(x), [∂p/∂cᵢ]).

    `coefficients` are floats, the constant first: c₀ + c₁x + c₂x² + … . All
    three answers are floats (the last a list of them) from one backward pass over
    Horner's scheme, which multiplies once per coefficient and needs no power. No
    coefficients: (0.0, 0.0, []).
    """
    raise NotImplementedError("phase 04p: horner")


def loan_sensitivity(principal, rate, months):
    """The monthly payment of a loan and what it depends on: (M, ∂M/∂principal, ∂M/∂rate).

    M = P·r / (1 − (1 + r)^−n) for the principal P, the rate r per month (0.005 is
    half a per cent) and n months, a whole number. Three floats.
    """
    raise NotImplementedError("phase 04p: loan_sensitivity")


def fit_line(xs, ys, lr=0.05, steps=500):
    """Slope and intercept (a, b) of the line y = a·x + b, by gradient descent: two floats.

    Starts from a = b = 0. Each step takes the gradient of the mean squared error
    (1/n) Σ (a·xᵢ + b − yᵢ)² at the present a and b, then moves both by −lr times
    their partial derivatives.
    """
    raise NotImplementedError("phase 04p: fit_line")
