"""Your tests of the fast engine.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random, and measure no seconds. Run
them with

    ./scripts/minigrad test 11 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: the same expression on minigrad.scalar and on minigrad.fast: + * ** - / and their
#    reflected forms, exp log tanh relu sigmoid sin
# tolerance: 1e-12, relative; relu at 0 exactly
# oracle: the book's engine: data and every leaf's gradient

# cover: backward twice, a shared node, zero_grad, a leaf that is its own result
# tolerance: exactly
# oracle: the derivative by hand

# cover: dot and total: value, `_op`, `_prev`; a node that stands in a list twice; numbers
#    among the Values; a gradient that was there before
# tolerance: 1e-12, relative
# oracle: the same sum in a loop, with * and +

# cover: lists of different length and empty ones
# tolerance: pytest.raises; both lengths in the message
# oracle: the docstring

# cover: dot and total of Values of minigrad.scalar
# tolerance: 1e-12, relative
# oracle: the loop; the result is a minigrad.scalar.Value

# cover: a - b and a / b are one node each
# tolerance: exactly
# oracle: the length of topological_order

# cover: a graph is gone when nobody holds it: gc.disable(), then count the Values among
#    gc.get_objects() before and after; or hold a weakref of a subclass of Value
# tolerance: exactly
# oracle: the docstring
