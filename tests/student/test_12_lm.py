"""Your tests of the language model.

Write pytest tests here, as many as you like: functions called `test_…`, with plain
`assert`. They are graded by running them against correct engines, written in several
ways, where all of them must pass, and against wrong ones, of which they should catch
as many as they can. A test sees only the public names, never the source, and has to
end in the same way on every run: seed what is random, and keep models small. Run
them with

    ./scripts/minigrad test 12 --own

against your own model first. Below is what to cover, how exactly, and what to
compare with (the oracle). Replace each comment by a test.
"""

# cover: a vocabulary of a few words: characters, length, encode, decode; a character it has not
# tolerance: exactly; pytest.raises
# oracle: the ids by hand

# cover: counts and probabilities of two or three short texts; rows sum to 1; the counts stay
# tolerance: exactly, 1e-12
# oracle: counting with a pencil

# cover: softmax and surprise: values, gradients, the same logits plus 5, logits of ±1000
# tolerance: 1e-12 for values, 1e-6 for gradients
# oracle: the formula by hand; softmax minus one-hot

# cover: matrix, Bigram, Window and Gpt from random.Random(1): shapes, names, the first numbers
# tolerance: exactly
# oracle: random.Random(1).gauss in a loop

# cover: linear, normalize and attend of numbers that you choose, with gradients
# tolerance: 1e-12 for values, 1e-6 for gradients
# oracle: the formulas by hand, and the central difference

# cover: a Bigram whose table is all zeros has a loss of ln V
# tolerance: 1e-12
# oracle: math.log

# cover: Window: what is older than the context changes nothing; boundaries before the beginning
# tolerance: 1e-12
# oracle: the same ids with zeros put before them

# cover: Gpt: later ids change no earlier logits, earlier ids and their order change later ones
# tolerance: 1e-12
# oracle: the logits of a shorter text

# cover: Gpt: with "mix" and "down" set to 0, and with one of them alone; the maps' rows sum to 1
# tolerance: 1e-9
# oracle: "output" of normalize of token plus position

# cover: train: losses, rates, weights after three steps; gradients from before; none for no step
# tolerance: 1e-9
# oracle: the same steps written out

# cover: sample: temperature 0 and close to it, a beginning, `longest`, the next number of the
#    generator, a negative temperature
# tolerance: exactly; pytest.raises
# oracle: rng.choices with weights worked out by hand

# cover: what linear, surprise and Gpt refuse, and what they don't
# tolerance: pytest.raises
# oracle: the docstring
