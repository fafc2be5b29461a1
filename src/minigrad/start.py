"""The first five minutes: one function, which is yours to write."""


def change(f, x, step):
    """How much `f` grows when `x` grows by `step`: f at x + step, minus f at x.

    `f` is a function of one number. The answer is negative where `f` falls.
    """
    raise NotImplementedError("phase 00: change")
