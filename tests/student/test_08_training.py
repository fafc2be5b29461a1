"""Your tests of training.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 08 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: each loss on two or three samples: value and gradients
# tolerance: tolerance 1e-12 for values, 1e-6 for gradients
# oracle: the formula by hand, and the central difference

# cover: cross_entropy and binary_cross_entropy with logits of ±1000
# tolerance: finite
# oracle: the limit by hand

# cover: SGD: one step without momentum, three with it
# tolerance: tolerance 1e-12
# oracle: v ← μv + g on paper

# cover: Adam: the first step has the size lr, whatever the gradient; three steps
# tolerance: tolerance 1e-9
# oracle: the formulas on paper

# cover: fit calls zero_grad before backward: the second loss is what one clean step gives
# tolerance: tolerance 1e-12
# oracle: the same steps written out

# cover: XOR with a 2-2-1 net and a seed of yours: all four signs right at the end
# tolerance: exactly
# oracle: the targets

# cover: what each loss refuses; a loss that is scaled before backward; logits of 0
# tolerance: pytest.raises, tolerance 1e-12
# oracle: the docstring and the chain rule

# cover: cross_entropy of two to five classes, each of them the target
# tolerance: tolerance 1e-12
# oracle: softmax by hand

# cover: SGD and Adam with several parameters, several steps and gradients of 0; two optimisers
#    at once; a rate that changes; parameters from a generator
# tolerance: tolerance 1e-9
# oracle: the formulas on paper

# cover: rates, momenta and betas at their bounds: which are refused, which are not
# tolerance: pytest.raises
# oracle: the docstring

# cover: zero_grad clears any gradient, a NaN too, and changes nothing else
# tolerance: exactly
# oracle: the docstring

# cover: fit: as many losses as epochs (none for none), every input in every epoch
# tolerance: exactly
# oracle: the docstring
