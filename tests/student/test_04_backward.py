"""Your tests of the backward pass.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against a correct engine, where all of
them must pass, and against wrong ones, of which they should catch as many as they
can. A test sees only the public names, never the source. Run them with

    pytest tests/student/test_04_backward.py

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: topological_order: each node once, inputs before outputs, the root last
# tolerance: exactly
# oracle: the definition, checked for every node and each of its inputs

# cover: a shared node that is no leaf: u = 3x; tanh is not there yet, so use u * u + u
# tolerance: exactly
# oracle: the derivative by hand

# cover: a shared node at uneven depth: one path to it longer than the other by two
#    operations
# tolerance: exactly
# oracle: the derivative by hand

# cover: the gradient of the result with respect to itself is 1
# tolerance: exactly
# oracle: the definition

# cover: backward twice: leaves hold exactly twice as much, inner nodes the same as before
# tolerance: exactly
# oracle: the values after the first pass

# cover: a ladder of 40 diamonds ends within a second
# tolerance: that it ends
# oracle: the derivative is 1 if you halve at every rung

# cover: a chain of 5,000 nodes does not end in a RecursionError
# tolerance: exactly
# oracle: the derivative by hand

# cover: zero_grad clears every node, and backward afterwards gives the first result again
# tolerance: exactly
# oracle: the values after the first pass
