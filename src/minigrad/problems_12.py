"""Problem set 12p: what a language model is good for. The tasks are in lab/12p-problems.md.

A model is anything with `logits(ids)`: for each of the ids a list of logits (Values), one for
each id that might come next. A text is read as `vocabulary.encode` gives it, both boundaries
included.
"""

import math

from minigrad.fast import Value
from minigrad.lm import linear, softmax, surprise, text_loss


def bits_per_character(model, vocabulary, texts):
    """How many bits a model takes to write down some texts: (bits per character, perplexity).

    A text of n characters has n + 1 surprises, that of its end included. The surprises
    of all texts are averaged together, so that a long text weighs more than a short
    one. In bits a surprise is −log₂ p, so nats are divided by ln 2. The perplexity is 2
    to the power of the bits: among so many equally likely characters the model would
    hesitate as much. Two floats. Raises ValueError when there is no text.
    """
    raise NotImplementedError("phase 12p: bits_per_character")


def language_chances(models, vocabulary, text):
    """From which language is a text? The chance of each one: a list of floats that sum to 1.

    `models` holds a model per language, all for the same vocabulary. Before the text is
    read, all languages are equally likely. By Bayes' rule the chance of a language is
    then in proportion to the probability that its model gives to the whole text, its
    end included. Works for long texts as well, whose probabilities are too small for a
    float: subtract the smallest of the surprises before exp.
    """
    raise NotImplementedError("phase 12p: language_chances")


def beam_search(model, vocabulary, width, longest=10):
    """The likeliest texts that a beam finds: a list of pairs (text, ln of its probability).

    A beam is a list of beginnings, the empty one at first. Round by round, each of them
    is finished by a boundary, which makes a text, and is prolonged by each character.
    Of all the beginnings that come out of a round, the `width` likeliest ones are the
    beam of the next. Beginnings of `longest` characters are finished and not prolonged.
    At the end the `width` likeliest of all the texts are returned, the likeliest first.
    The probability of a text includes that of its end.
    """
    raise NotImplementedError("phase 12p: beam_search")


def nucleus_sample(model, vocabulary, rng, share, longest=10):
    """A text drawn from the likely part of every answer, without its tail: a string.

    At each step the ids are put in order, the likeliest first (of equals the smaller
    id), and as few of them are kept as are needed for their probabilities to add up to
    `share` or more. One is drawn from these by one call of `rng.choices(kept, weights)`,
    in that order, with weights in proportion to their probabilities. It ends when a
    boundary is drawn, or when the text has `longest` characters. Raises ValueError
    unless 0 < share ≤ 1.
    """
    raise NotImplementedError("phase 12p: nucleus_sample")


def tied_gradient(token, hidden, ids, target):
    """One matrix to read with and to write with: (surprise, derivatives by `token`).

    `token` holds a row of `width` floats for each of V ids, and `hidden` holds `width` rows
    of c·width floats; `ids` are c of them, the oldest first. Their rows of `token` are
    joined, and h = tanh(hidden·joined). The logit of id i is the dot product of row i of
    `token` with h, so the same numbers are used at both ends. Returns the surprise at
    `target`, a float, and a list of V lists of floats, one derivative of it for each number
    of `token`; each number is one parameter, wherever it is used.
    """
    raise NotImplementedError("phase 12p: tied_gradient")


def exposure(model, vocabulary, secret, others):
    """How well a model knows a secret by heart: its exposure in bits (Carlini et al., 2019).

    `others` are texts that might have been the secret just as well. All of them and the
    secret are put in order by the surprise of the whole text, the smallest first. The
    rank of the secret counts from 1: one more than there are others that surprise the
    model less. The exposure is log₂ of how many texts there are, the secret included,
    minus log₂ of the rank. A float: 0 for the last, 10 for the first of 1,024.
    """
    raise NotImplementedError("phase 12p: exposure")
