"""Your tests of derivatives.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random. Run them with

    ./scripts/minigrad test 01 --own

against your own engine first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: derivative of a polynomial you can differentiate by hand, at a positive and a
#    negative point, and with the default step
# tolerance: 1e-6, relative
# oracle: the derivative by hand

# cover: derivative with a large step, h = 0.5, of x³: the step that is given is the step
#    that is used, at 2 as well as at 100
# tolerance: 1e-9, relative
# oracle: the formula (f(x+h) − f(x−h)) / 2h, worked out by hand

# cover: derivative with a step far below the default, of a cube so steep that the h² of the
#    formula shows at 0; and the same for the default
# tolerance: 1e-9, relative
# oracle: the formula, worked out by hand

# cover: derivative keeps all digits, and asks its function at floats only
# tolerance: 1e-9, relative
# oracle: the formula for 1/x with h = 0.5; a function that looks at what it is given

# cover: a step of 0, a negative one and a NaN raise ValueError
# tolerance: pytest.raises
# oracle: the docstring

# cover: gradient of a function of three inputs, each with another slope; the function
#    takes three arguments, not a list
# tolerance: 1e-6, relative
# oracle: partial derivatives by hand, with the other inputs held

# cover: gradient with a large step, of a function with cubes in it
# tolerance: 1e-9, relative
# oracle: the formula (f(x+h) − f(x−h)) / 2h for each input

# cover: gradient at a point where two inputs hold the same number
# tolerance: 1e-6, relative
# oracle: partial derivatives by hand

# cover: gradient leaves the list of inputs as it was, also a number like 0.1 that h does
#    not divide, takes a tuple too, and gives a list
# tolerance: exactly
# oracle: a copy made before
