"""Your tests of tensors.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 10 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: broadcasting: a row against a matrix, a column against a matrix, a number against a
#    matrix, for + − * /
# tolerance: tolerance 1e-9, shapes exactly
# oracle: the gradient has the shape of the data

# cover: matmul of (2, 3) with (3, 4)
# tolerance: tolerance 1e-9
# oracle: central differences, element by element

# cover: sum and mean over each axis and over all, with and without keepdims
# tolerance: tolerance 1e-12
# oracle: a loop over elements

# cover: exp, log, tanh, relu; relu at 0
# tolerance: tolerance 1e-6
# oracle: central differences

# cover: reshape and transpose send each gradient back to where its element came from
# tolerance: exactly
# oracle: distinct gradients, traced by hand

# cover: cross_entropy with logits of ±1000; its gradient sums to 0 in each row
# tolerance: tolerance 1e-12
# oracle: softmax − one-hot

# cover: backward of a tensor with more than one element raises ValueError
# tolerance: pytest.raises
# oracle: the docstring
