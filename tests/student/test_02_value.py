"""Your tests of the node.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 02 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: a fresh leaf: data, grad, _prev, _op, label, and that data and grad are floats
# tolerance: exactly
# oracle: the docstring

# cover: the `_backward` of a leaf can be called, and changes nothing
# tolerance: exactly
# oracle: data and grad before

# cover: two leaves share nothing: neither inputs nor gradients; and leaves with the same
#    number are not equal
# tolerance: exactly
# oracle: a second leaf, made after the first one

# cover: bool, int, Fraction and NumPy numbers (float64 too) are taken, and kept as floats
# tolerance: exactly
# oracle: float(number)

# cover: text (also text that looks like a number), None, complex numbers (2 + 0j too),
#    lists and Values raise a TypeError that says "real number" and names the type it was
#    given
# tolerance: pytest.raises(..., match=...)
# oracle: the docstring

# cover: the inputs of a node are a tuple, in order, with repeats, also if you gave a list;
#    its _op and its label are what you gave, to the letter, and "" if you gave none
# tolerance: identity (`is`)
# oracle: the nodes you passed

# cover: repr shows data and grad of the moment, with all digits: try 1/3; and no label
# tolerance: exactly
# oracle: the docstring

# cover: as_value keeps a Value (also one of a subclass), wraps a number (a NumPy number
#    too) in a new leaf every time, without a label, and refuses what Value refuses
# tolerance: identity
# oracle: the Value itself
