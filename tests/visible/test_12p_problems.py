"""Visible probes of problem set 12p. They observe; the judge compares with the reference."""

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


def words():
    """The vocabulary of a and b."""
    return Vocabulary(["ab"])


class Table:
    """A model that looks at the last id only: it gives each next one the chances of a row."""

    def __init__(self, rows):
        self.rows = rows

    def logits(self, ids):
        return [[Value(math.log(p)) for p in self.rows[i]] for i in ids]


# After the boundary mostly a; after a mostly b; after b mostly the end.
USUAL = Table([[0.1, 0.6, 0.3], [0.2, 0.1, 0.7], [0.5, 0.38, 0.12]])
EVEN = Table([[1 / 3] * 3] * 3)


@probe(task="bits_per_character", concept="surprise")
def test_one_bit_in_two(observe):
    """A model that knows nothing but three ids, and one that expects what comes."""
    observe("no idea", bits_per_character(EVEN, words(), ["ab", "a"]), rtol=1e-9)
    observe("two texts", bits_per_character(USUAL, words(), ["ab", "b"]), rtol=1e-9)
    with observe.raises("no text"):
        bits_per_character(EVEN, words(), [])


@probe(task="language_chances", concept="surprise")
def test_two_languages(observe):
    """A word that one of two models expects, one that it doesn't, and a long one."""
    other = Table([[0.1, 0.2, 0.7], [0.6, 0.2, 0.2], [0.2, 0.7, 0.1]])
    for text in ("ab", "ba", "ab" * 700):
        observe(
            text[:2] + "…" * (len(text) > 2),
            language_chances([USUAL, other], words(), text),
            rtol=1e-9,
        )
    observe("three alike", language_chances([USUAL] * 3, words(), "b"), rtol=1e-9)


@probe(task="beam_search", concept="sampling")
def test_a_beam_of_two(observe):
    """The likeliest texts of a small model, with a beam of one, two and three; short ones."""
    for width in (1, 2, 3):
        texts = beam_search(USUAL, words(), width, longest=3)
        observe(f"texts at {width}", [text for text, _ in texts])
        observe(f"ln p at {width}", [ln_p for _, ln_p in texts], rtol=1e-9)
    short = beam_search(USUAL, words(), 3, longest=1)
    observe("of one character at most", [text for text, _ in short])


@probe(task="nucleus_sample", concept="sampling")
def test_a_cut_tail(observe):
    """Texts of one generator: the likeliest id only, two thirds, and nothing cut."""
    for share in (0.1, 0.65, 1.0):
        rng = random.Random(4)
        texts = [nucleus_sample(USUAL, words(), rng, share, longest=6) for _ in range(5)]
        observe(f"share {share}", texts)
    for share in (0.0, 1.5):
        with observe.raises(f"share {share}"):
            nucleus_sample(USUAL, words(), random.Random(4), share)


@probe(task="tied_gradient", concept="embedding")
def test_one_row_at_both_ends(observe):
    """Three ids of two numbers, a context of two: ids that are read, written, and both."""
    token = [[0.3, -0.2], [0.5, 0.4], [-0.6, 0.1]]
    hidden = [[0.7, -0.3, 0.5, 0.1], [0.2, 0.9, -0.4, 0.6]]
    for name, ids in (("two ids", [1, 0]), ("one id twice", [1, 1])):
        cost, gradient = tied_gradient(token, hidden, ids, 2)
        observe(f"{name}: surprise", cost, rtol=1e-9)
        observe(f"{name}: derivatives", gradient, rtol=1e-8, atol=1e-11)


@probe(task="exposure", concept="surprise")
def test_a_secret_among_four(observe):
    """The first, the second and the last of four texts."""
    for secret, others in (
        ("ab", ["ba", "bb", "aaa"]),
        ("b", ["ab", "ba", "aba"]),
        ("aaa", ["b", "ba", "ab"]),
    ):
        observe(secret, exposure(USUAL, words(), secret, others), rtol=1e-9)
