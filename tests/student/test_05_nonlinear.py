"""Your tests of nonlinear functions.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against a correct engine, where all of
them must pass, and against wrong ones, of which they should catch as many as they
can. A test sees only the public names, never the source. Run them with

    pytest tests/student/test_05_nonlinear.py

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: each of exp, log, tanh, relu, sigmoid, sin at two points: value
# tolerance: tolerance 1e-12
# oracle: the math module

# cover: each of them: gradient
# tolerance: tolerance 1e-6
# oracle: the central difference, derivative() of phase 01

# cover: relu on both sides of 0, and at 0, where the gradient is 0 by convention
# tolerance: exactly
# oracle: the docstring

# cover: tanh(±400), sigmoid(±1000): no overflow
# tolerance: exactly
# oracle: ±1, 1 and 0

# cover: exp(1000) raises OverflowError; log of 0 and of −2 raise ValueError naming the
#    value
# tolerance: pytest.raises
# oracle: the docstring

# cover: the rule of each goes through the chain: the gradient of (x * x).tanh() * x
# tolerance: tolerance 1e-6
# oracle: the central difference
