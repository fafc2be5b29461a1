"""Your tests of nonlinear functions.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 05 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: each of exp, log, tanh, relu, sigmoid, sin at two points or more, one of them
#    negative where there is a value: value
# tolerance: 1e-12, relative
# oracle: the math module; 1 / (1 + e^(−x)) for sigmoid

# cover: each of them: gradient
# tolerance: 1e-6, relative
# oracle: the central difference, derivative() of phase 01; never at a kink

# cover: tanh as a quotient, (e^(2x) − 1) / (e^(2x) + 1), made of exp and arithmetic
# tolerance: 1e-12, relative
# oracle: x.tanh(): the same value, the same gradient

# cover: relu on both sides of 0, and at 0, where the gradient is 0 by convention; with a
#    negative gradient from above too, as in x.relu() * -3
# tolerance: exactly
# oracle: the docstring

# cover: tanh(±400), sigmoid(±1000): no overflow, gradient 0
# tolerance: exactly
# oracle: ±1, 1 and 0

# cover: not quite flat yet: tanh(±12), sigmoid(±25); relu of a number above 6; sin of 20
# tolerance: 1e-12, absolute
# oracle: the math module; 1 / (1 + e^(−x)) for sigmoid

# cover: exp(1000) raises OverflowError; log of 0 and of −2 raise ValueError naming the
#    value
# tolerance: pytest.raises(..., match=...)
# oracle: the docstring

# cover: each function twice on one node, as in x.exp() + x.exp(), which makes two nodes;
#    the node keeps its number
# tolerance: 1e-12, relative
# oracle: twice the gradient of one

# cover: the rule of each goes through the chain: the gradient of (x * x).tanh() * x, and
#    of each function of its own result, as in x.sin().sin()
# tolerance: 1e-6, relative
# oracle: the central difference
