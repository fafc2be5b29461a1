"""Your tests of arithmetic.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 03 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: the local rule of + and of *: set y.grad to something other than 1, call
#    y._backward(), look at both inputs
# tolerance: exactly, with numbers like 0.5 and −3
# oracle: the local derivatives by hand, times y.grad

# cover: a rule of each operation adds to the gradient that is there: start from a.grad =
#    100; and it leaves y.grad as it is
# tolerance: exactly
# oracle: by hand

# cover: a + a, a * a, a − a and a / a, where both inputs are one node
# tolerance: exactly; for a / a 1e-12
# oracle: 2, 2a, 0 and 0, by hand

# cover: the structure of a + b, a * b and a * a: _op, and the inputs in order; a number is
#    an input too, and gets its gradient
# tolerance: identity (`is`)
# oracle: the docstring

# cover: a + 0, a − 0, a * 1 and a ** 1 are new nodes; a * 0 and 0 / a still have inputs
# tolerance: identity (`is`)
# oracle: the docstring

# cover: powers: exponents 3, −1, −0.5, 1 and a Fraction; bases 0 and −2: values and
#    gradients
# tolerance: 1e-12, relative
# oracle: k·x^(k−1)

# cover: 0 ** 0 is 1 with derivative 0, 0 ** 1 has derivative 1, 0 ** 2 derivative 0
# tolerance: exactly
# oracle: the docstring

# cover: what is no power: a Value or a text as exponent, a negative base with exponent 0.5
#    (with 2.0 it is one), 0 ** -1
# tolerance: pytest.raises
# oracle: TypeError, ValueError and ZeroDivisionError, by the docstring

# cover: a − b and a / b: values, and gradients by sending y.grad down to the leaves (a
#    loop over y and its inputs that calls `_backward` on each)
# tolerance: 1e-12, relative
# oracle: 1 and −1; 1/b and −a/b²

# cover: −a, for a positive and a negative a: value and gradient
# tolerance: exactly
# oracle: −a and −1

# cover: numbers on either side: a + 2, 2 + a, a * 2, 2 * a, a − 2, 2 − a, a / 2, 2 / a
# tolerance: exactly
# oracle: the same with floats

# cover: sum of a list of Values: its value, and a gradient that reaches every term
# tolerance: exactly
# oracle: the sum of floats; 1 for each term

# cover: what is no summand: a text (one with digits too), a complex number
# tolerance: pytest.raises
# oracle: TypeError, by the docstring

# cover: division is true division, by a number as small as 1e-9 too; division by zero
#    raises ZeroDivisionError, with a number and with a Value under the bar
# tolerance: exactly
# oracle: Python's own

# cover: no operation changes the data of its inputs
# tolerance: exactly
# oracle: the data before
