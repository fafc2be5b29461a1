"""Your tests of networks.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 07 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: a neuron with weights you set: value and gradients
# tolerance: tolerance 1e-12
# oracle: tanh(w·x + b) with floats

# cover: named_parameters: names and order, for a neuron and a layer; a Value that is no
#    Parameter is not listed
# tolerance: exactly
# oracle: the docstring

# cover: MLP(3, [4, 4, 1]) has 41 parameters; its output is a Value, that of MLP(3, [2]) a
#    list
# tolerance: exactly
# oracle: count by hand

# cover: the last layer of an MLP is linear: with large weights its output leaves [−1, 1]
# tolerance: an inequality
# oracle: tanh can't

# cover: weights differ from each other and between neurons; the same seed gives the same
#    weights
# tolerance: exactly
# oracle: random.Random(seed)

# cover: an input of the wrong width raises ValueError with both widths in it
# tolerance: pytest.raises
# oracle: the docstring

# cover: Linear with and without bias; Sequential of two Linear maps
# tolerance: tolerance 1e-12
# oracle: by hand

# cover: named_parameters of a module of your own: lists, tuples, lists of lists, a module in a
#    list, a parameter reached twice, two equal ones, a prefix
# tolerance: exactly
# oracle: the docstring

# cover: zero_grad, train and eval: all the way down, nothing else, and what they return
# tolerance: exactly
# oracle: the docstring

# cover: every activation and none, above and below 0; gradients of weights, bias and inputs
# tolerance: tolerance 1e-12
# oracle: the formula by hand

# cover: a hidden layer of one; hidden layers as wide as the last one; the list of widths stays
# tolerance: tolerance 1e-12 and exactly
# oracle: by hand

# cover: Sequential through a layer of one, with an Activation and a plain function behind it
# tolerance: tolerance 1e-12
# oracle: by hand
