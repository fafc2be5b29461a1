"""Your tests of seeing the graph.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 09 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: trace: each node once, inputs first; a * a has two equal edges
# tolerance: exactly
# oracle: the docstring

# cover: text_tree of a small expression with labels, line by line; a shared node says (see
#    above)
# tolerance: exactly
# oracle: the docstring

# cover: to_dot: as many arrows as edges; a quote in a label is escaped
# tolerance: exactly
# oracle: the docstring

# cover: custom_op: value, _op, one input; the derivative is taken at the input
# tolerance: exactly
# oracle: by hand

# cover: softplus: value and gradient at 0 and ±1000
# tolerance: tolerance 1e-12
# oracle: ln(1 + e^x) and sigmoid
