"""The first five minutes: one function, which is yours to write."""


# phase 00: change
def change(f, x, step):
    """How much `f` grows when `x` grows by `step`: f at x + step, minus f at x.

    `f` is a function of one number. The answer is negative where `f` falls.
    """
    return f(x + step) - f(x)
