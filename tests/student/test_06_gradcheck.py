"""Your tests of the gradient check.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 06 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: a right function of two inputs: the report is true and holds nothing
# tolerance: exactly
# oracle: the definition

# cover: a function that loses a part of its gradient, lambda a: a * Value(a.data): the
#    report is false and names input 0
# tolerance: exactly
# oracle: the docstring

# cover: likely_cause: sign, factor 2, factor 1/2, missing, other
# tolerance: exactly
# oracle: the docstring

# cover: is_kink: abs at 0 is one, abs at 1 and x² at 0 are none
# tolerance: exactly
# oracle: the graph of the function

# cover: relu at 0 is skipped with a reason that contains "kink", and another input is still
#    judged
# tolerance: exactly
# oracle: the docstring

# cover: an engine that answers NaN is never right: give a Value whose gradient becomes NaN
# tolerance: exactly
# oracle: NaN agrees with nothing

# cover: likely_cause just inside and just outside of rtol, another rtol, numbers of either sign;
#    the order of the causes; 0 for 0, and a number for 0
# tolerance: exactly
# oracle: the docstring

# cover: is_kink of corners and bends, steep and flat, up and down; h decides what is seen
# tolerance: exactly
# oracle: the two slopes by hand

# cover: several inputs: two that are wrong, a kink and a right one between them: positions, both
#    numbers, causes, what is skipped
# tolerance: 1e-6 for numeric gradients, else exactly
# oracle: the function, by hand

# cover: atol decides at a slope of 0, rtol at 1000, both at 1; eps is the step
# tolerance: exactly
# oracle: the inequality in the docstring
