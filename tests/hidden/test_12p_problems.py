"""Hidden probes of problem set 12p. They observe; the judge compares with the reference."""

import math
import random

from course.observe import probe
from minigrad.fast import Value
from minigrad.lm import Vocabulary
from minigrad.problems_12 import (
    beam_search,
    bits_per_character,
    exposure,
    language_chances,
    nucleus_sample,
    tied_gradient,
)


def letters():
    """The vocabulary of the first four letters."""
    return Vocabulary(["abcd"])


SIZE = 5


def matrix(rng, rows, columns, scale=1.0):
    return [[rng.uniform(-scale, scale) for _ in range(columns)] for _ in range(rows)]


class Drawn:
    """A model whose logits depend on the last id, on the one before it, and on the place."""

    def __init__(self, rng, scale=1.0):
        self.last, self.before = matrix(rng, SIZE, SIZE, scale), matrix(rng, SIZE, SIZE, scale)

    def logits(self, ids):
        rows = []
        for place, i in enumerate(ids):
            before = self.before[ids[place - 1] if place else 0]
            pairs = zip(self.last[i], before, strict=True)
            rows.append([Value(a + b - 0.1 * place * (k == 1)) for k, (a, b) in enumerate(pairs)])
        return rows


def word(rng, length):
    return "".join(rng.choice("abcd") for _ in range(length))


@probe(task="bits_per_character", concept="surprise")
def test_texts_of_unequal_length(observe):
    """Drawn texts of 1, 4 and 9 characters, and an empty one."""
    rng = observe.rng
    model = Drawn(rng)
    texts = [word(rng, length) for length in (1, 4, 9)]
    bits, perplexity = bits_per_character(model, letters(), texts)
    observe("bits", bits, rtol=1e-9)
    observe("perplexity", perplexity, rtol=1e-9)
    observe("each", [bits_per_character(model, letters(), [text])[0] for text in texts], rtol=1e-9)
    observe("an empty text", bits_per_character(model, letters(), [""]), rtol=1e-9)


@probe(task="bits_per_character", concept="domain")
def test_nothing_to_read(observe):
    """Without texts there is no mean."""
    model = Drawn(observe.rng)
    with observe.raises("no text"):
        bits_per_character(model, letters(), [])
    observe("one text", bits_per_character(model, letters(), ["dad"]), rtol=1e-9)


@probe(task="language_chances", concept="surprise")
def test_four_drawn_languages(observe):
    """Words of 1 and 6 characters, as four models read them."""
    rng = observe.rng
    models = [Drawn(rng, 0.5) for _ in range(4)]
    for length in (1, 6):
        text = word(rng, length)
        observe(f"{length} characters", language_chances(models, letters(), text), rtol=1e-8)
    observe("one language", language_chances(models[:1], letters(), "abc"), rtol=1e-9)


@probe(task="language_chances", concept="numerical-stability")
def test_a_whole_page(observe):
    """A thousand characters: probabilities that no float can hold."""
    rng = observe.rng
    one = Drawn(rng, 0.3)
    other = Drawn(random.Random(3), 0.3)
    other.last = [[a + 1e-3 * (k == 2) for k, a in enumerate(row)] for row in one.last]
    other.before = one.before
    text = word(rng, 1000)
    observe("two that are alike", language_chances([one, other], letters(), text), rtol=1e-6)


@probe(task="beam_search", concept="sampling")
def test_a_drawn_model(observe):
    """Beams of 1, 2 and 4 in a model that looks two characters back."""
    rng = observe.rng
    model = Drawn(rng, 1.5)
    for width in (1, 2, 4):
        texts = beam_search(model, letters(), width, longest=4)
        observe(f"ln p at {width}", [ln_p for _, ln_p in texts], rtol=1e-9)
        observe(f"texts at {width}", [text for text, _ in texts])


@probe(task="beam_search", concept="sampling")
def test_a_wide_beam_and_short_texts(observe):
    """A beam that holds all there is; texts of at most 0, 1 and 2 characters."""
    model = Drawn(observe.rng)
    for longest in (0, 1, 2):
        texts = beam_search(model, letters(), 100, longest)
        observe(f"how many at {longest}", len(texts))
        observe(f"ln p at {longest}", [ln_p for _, ln_p in texts[:6]], rtol=1e-9)


@probe(task="beam_search", concept="sampling")
def test_greed_is_punished(observe):
    """The likeliest first character leads to unlikely texts only."""
    rows = [
        [0.02, 0.5, 0.4, 0.05, 0.03],
        [0.2, 0.17, 0.22, 0.23, 0.18],
        [0.9, 0.03, 0.03, 0.02, 0.02],
        [0.2, 0.19, 0.2, 0.2, 0.21],
        [0.21, 0.2, 0.19, 0.2, 0.2],
    ]

    class Table:
        def logits(self, ids):
            return [[Value(math.log(p)) for p in rows[i]] for i in ids]

    for width in (1, 2, 3):
        texts = beam_search(Table(), letters(), width, longest=5)
        observe(f"ln p at {width}", [ln_p for _, ln_p in texts], rtol=1e-9)
        observe(f"texts at {width}", [text for text, _ in texts])


@probe(task="nucleus_sample", concept="sampling")
def test_drawn_tails(observe):
    """Eight texts each, with shares from a tenth to everything, and how often rng was asked."""
    rng = observe.rng
    model, seed = Drawn(rng, 1.2), rng.randrange(1000)
    for share in (0.1, 0.5, 0.8, 1.0):
        own = random.Random(seed)
        texts = [nucleus_sample(model, letters(), own, share, longest=7) for _ in range(8)]
        digits = "".join(str(len(text)) for text in texts)
        observe(f"texts at {share}", texts)
        observe(f"lengths at {share}", float(digits))
        observe(f"what comes next at {share}", own.random())


@probe(task="nucleus_sample", concept="domain")
def test_edges_of_a_share(observe):
    """Just enough and a little more; equal chances; shares that are none; no room at all."""
    rows = [[0.25, 0.5, 0.125, 0.0625, 0.0625]] * SIZE

    class Table:
        def logits(self, ids):
            return [[Value(math.log(p)) for p in rows[i]] for i in ids]

    class Even:
        def logits(self, ids):
            return [[Value(0.0) for _ in range(SIZE)] for _ in ids]

    for name, model, share in (
        ("a half less a little", Table(), 0.49),
        ("a half and a little", Table(), 0.51),
        ("two of five", Even(), 0.39),
    ):
        own = random.Random(11)
        texts = [nucleus_sample(model, letters(), own, share, longest=5) for _ in range(6)]
        observe(name, texts)
        observe(f"{name}: then", own.random())
    observe("no room", nucleus_sample(Table(), letters(), random.Random(1), 0.9, longest=0))
    for share in (0.0, -0.5, 1.01):
        with observe.raises(f"share {share}"):
            nucleus_sample(Table(), letters(), random.Random(1), share)


@probe(task="tied_gradient", concept="embedding")
def test_a_drawn_net(observe):
    """Five ids of three numbers, a context of two; the target is read as well, or is not."""
    rng = observe.rng
    token, hidden = matrix(rng, SIZE, 3), matrix(rng, 3, 6)
    for name, ids, target in (("apart", [0, 2], 4), ("read and written", [3, 1], 3)):
        cost, gradient = tied_gradient(token, hidden, ids, target)
        observe(f"{name}: surprise", cost, rtol=1e-9)
        observe(f"{name}: derivatives", gradient, rtol=1e-8, atol=1e-11)


@probe(task="tied_gradient", concept="accumulation")
def test_the_same_id_twice(observe):
    """An id that fills the whole context; and a sure net."""
    rng = observe.rng
    token, hidden = matrix(rng, SIZE, 2), matrix(rng, 2, 6)
    cost, gradient = tied_gradient(token, hidden, [2, 2, 2], 0)
    observe("surprise", cost, rtol=1e-9)
    observe("derivatives", gradient, rtol=1e-8, atol=1e-11)
    large = [[400.0 * number for number in row] for row in token]
    observe("a sure net", tied_gradient(large, hidden, [1, 0, 3], 4)[0], rtol=1e-9)


@probe(task="exposure", concept="surprise")
def test_a_secret_among_many(observe):
    """Secrets of rank 1, in the middle and last among 30 drawn texts of 5 characters."""
    rng = observe.rng
    model = Drawn(rng)
    texts = list(dict.fromkeys(word(rng, 5) for _ in range(80)))[:30]

    def cost(text):
        ids = letters().encode(text)
        rows = model.logits(ids[:-1])
        powers = [[math.exp(z.data) for z in row] for row in rows]
        return -sum(math.log(p[t] / sum(p)) for p, t in zip(powers, ids[1:], strict=True))

    texts.sort(key=cost)
    for rank in (1, 7, 30):
        others = texts[: rank - 1] + texts[rank:]
        rng.shuffle(others)
        observe(f"rank {rank}", exposure(model, letters(), texts[rank - 1], others), rtol=1e-9)


@probe(task="exposure", concept="surprise")
def test_secrets_of_other_lengths(observe):
    """A short text among long ones: whole texts are compared, not characters."""
    rng = observe.rng
    model = Drawn(rng)
    for length in (1, 4, 8):
        secret = word(rng, length)
        others = [word(rng, n) for n in (2, 3, 5, 6, 7, 9, 10)]
        observe(f"{length} characters", exposure(model, letters(), secret, others), rtol=1e-9)
    observe("alone", exposure(model, letters(), "dab", []), rtol=1e-9)
