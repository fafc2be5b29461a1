"""Your tests of the node.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against a correct engine, where all of
them must pass, and against wrong ones, of which they should catch as many as they
can. A test sees only the public names, never the source. Run them with

    pytest tests/student/test_02_value.py

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: a fresh leaf: data, grad, _prev, _op, label, and that data is a float
# tolerance: exactly
# oracle: the docstring

# cover: bool, int, Fraction and NumPy numbers are taken
# tolerance: exactly
# oracle: float(number)

# cover: text, None, complex numbers and lists raise a TypeError that says "real number"
# tolerance: pytest.raises(..., match=...)
# oracle: the docstring

# cover: inputs are a tuple, in order, with repeats
# tolerance: identity (`is`)
# oracle: the nodes you passed

# cover: repr shows data and grad of the moment
# tolerance: exactly
# oracle: the docstring

# cover: as_value keeps a Value and wraps a number
# tolerance: identity
# oracle: the Value itself
