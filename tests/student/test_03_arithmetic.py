"""Your tests of arithmetic.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against a correct engine, where all of
them must pass, and against wrong ones, of which they should catch as many as they
can. A test sees only the public names, never the source. Run them with

    pytest tests/student/test_03_arithmetic.py

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: the local rule of + and of *: set y.grad, call y._backward(), look at both inputs
# tolerance: exactly, with numbers like 0.5 and −3
# oracle: the local derivatives by hand

# cover: a rule adds to the gradient that is there: start from a.grad = 100
# tolerance: exactly
# oracle: by hand

# cover: a + a and a * a, where both inputs are one node
# tolerance: exactly
# oracle: 2 and 2a

# cover: powers: exponents 3, −1, 0.5, 0; a Value as exponent raises TypeError
# tolerance: tolerance 1e-12
# oracle: k·x^(k−1)

# cover: a − b and a / b: values, and gradients by sending y.grad down to the leaves
# tolerance: tolerance 1e-12
# oracle: 1, −1, 1/b, −a/b²

# cover: numbers on the left: 2 + a, 2 * a, 2 − a, 2 / a; sum of a list
# tolerance: exactly
# oracle: the same with floats

# cover: division is true division; division by zero raises ZeroDivisionError
# tolerance: exactly
# oracle: Python's own

# cover: no operation changes the data of its inputs
# tolerance: exactly
# oracle: the data before
