"""Your tests of the backward pass.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 04 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: topological_order gives a list: each node once, inputs before outputs, leaves too,
#    the root last; a + a has two nodes; asked for again, the order is as long as before
# tolerance: exactly
# oracle: the definition, checked for every node and each of its inputs

# cover: nodes that hold equal numbers: x and y both 2.0, used in different places
# tolerance: exactly
# oracle: the derivative by hand; the number of nodes, counted on paper

# cover: a * a, and a graph with four leaves such as ((a·b) + c)·(a + d)
# tolerance: exactly
# oracle: the derivative by hand

# cover: a shared node that is no leaf: u = 3x in u * u + u
# tolerance: exactly
# oracle: the derivative by hand

# cover: a shared node at uneven depth: one path to it longer than the other by two
#    operations or more, once on the left and once on the right of the last operation
# tolerance: exactly
# oracle: the derivative by hand

# cover: a graph of your own with several leaves
# tolerance: 1e-6, relative
# oracle: the central difference, derivative() or gradient() of phase 01

# cover: the gradient of the result with respect to itself is 1, for a leaf as well,
#    whatever its number; a leaf's second backward adds 1 more
# tolerance: exactly
# oracle: the definition

# cover: sums that are 0 on the way, as in (x + y) * 3 with y = -x
# tolerance: exactly
# oracle: the derivative by hand

# cover: inner nodes keep their gradients after the pass
# tolerance: exactly
# oracle: the derivative with respect to them, by hand

# cover: backward twice and three times: leaves hold exactly twice and three times as
#    much, inner nodes the same as before
# tolerance: exactly
# oracle: the values after the first pass

# cover: two results over the same leaves and one inner node, one pass each: leaves hold
#    the sum; a pass from that inner node leaves the gradients above it alone
# tolerance: exactly
# oracle: both derivatives by hand

# cover: a ladder of 40 diamonds ends within a second
# tolerance: that it ends
# oracle: the derivative is 1 if you halve at every rung

# cover: a chain of 25,000 sums, each with a leaf of its own: no RecursionError, neither
#    for topological_order nor for backward nor for zero_grad, and all end within a second
# tolerance: exactly
# oracle: the derivative by hand

# cover: zero_grad clears every node that can be reached, leaves and inner nodes, also
#    where a node without a gradient stands above nodes that have one; a node of another
#    graph keeps its gradient; backward afterwards gives the first result again
# tolerance: exactly
# oracle: the values after the first pass
