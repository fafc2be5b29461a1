"""A language model of your own: from counting pairs of characters to a small GPT.

Everything is made of lists of Values. A text is a list of ids, one per character,
with a 0 before its beginning and another after its end. A model has weights and
`logits(ids)`: for each of the ids a list of logits, one per id that might come next.
"""

import math
import random
from itertools import pairwise

from minigrad.fast import Value, dot, total


class Vocabulary:
    """The characters of some texts as ids from 1 on; 0 is the boundary, a text's start and end."""

    def __init__(self, texts):
        """Keep `characters`, a string: every character of the texts once, in sorted order."""
        raise NotImplementedError("phase 12: vocabulary")

    def __len__(self):
        """How many ids there are: one per character, and the boundary."""
        raise NotImplementedError("phase 12: vocabulary")

    def encode(self, text):
        """The ids of the text's characters as a list, between two boundaries.

        The first of `characters` has the id 1. An empty text is two boundaries.
        Raises ValueError for a character that is not in the vocabulary, with that
        character in its message.
        """
        raise NotImplementedError("phase 12: vocabulary")

    def decode(self, ids):
        """The text of some ids; boundaries leave no trace, wherever they stand."""
        raise NotImplementedError("phase 12: vocabulary")


def count_pairs(texts, vocabulary):
    """How often one id follows another in the texts: a list of rows of ints.

    Row a, column b holds how often b comes right after a. Boundaries count: row 0
    says how texts begin, column 0 how they end. There are as many rows as ids, and
    as many columns.
    """
    raise NotImplementedError("phase 12: count_pairs")


def pair_probabilities(counts, smoothing=1.0):
    """The chance of each id after each other one: rows of floats that sum to 1.

    `smoothing` is added to every count first, so that what was never seen is
    unlikely but not impossible. The counts themselves stay as they are.
    """
    raise NotImplementedError("phase 12: pair_probabilities")


def matrix(rows, columns, scale, rng):
    """Weights to begin with: a list of `rows` lists of `columns` Values.

    Each is drawn from `rng.gauss(0, scale)`, row by row, from left to right. `rng`
    is a random.Random.
    """
    raise NotImplementedError("phase 12: lm_linear")


def linear(weights, x):
    """W·x without a bias: a list of Values, the dot product of each row of weights with x.

    Raises ValueError when a row and x differ in length.
    """
    raise NotImplementedError("phase 12: lm_linear")


def softmax(logits):
    """Probabilities from logits: e^z for each logit z, divided by the sum of them all.

    A list of as many Values. The same number added to every logit changes nothing;
    subtract the largest before exp, so that logits of ±1000 work.
    """
    raise NotImplementedError("phase 12: lm_softmax")


def surprise(logits, target):
    """−ln softmax(logits)[target]: small where the model expected the target. A Value.

    Stable like `softmax`, however unlikely the target is. The gradient with respect
    to logit i is softmax_i − (1 if i == target else 0). Raises ValueError when
    `target` is not an index from 0 to len(logits) − 1.
    """
    raise NotImplementedError("phase 12: surprise")


class Model:
    """What every model has: `weights`, a dict of matrices by name, in the order of drawing."""

    def __init__(self, weights):
        self.weights = weights

    def parameters(self):
        """All weights in one list, matrix by matrix, row by row."""
        return [w for rows in self.weights.values() for row in rows for w in row]


class Bigram(Model):
    """The next character from the last one alone: a table of logits."""

    def __init__(self, size, rng):
        """Draw the weights "table" (size×size, scale 1); `size` is the number of ids."""
        raise NotImplementedError("phase 12: bigram")

    def logits(self, ids):
        """For each id its row of the table, whatever came before it."""
        raise NotImplementedError("phase 12: bigram")


class Window(Model):
    """The next character from the last few, through one hidden layer (Bengio et al., 2003)."""

    def __init__(self, size, context, width, hidden, rng):
        """Keep `context`, how many ids the model sees, and draw the weights, in this order:

        "token" (size×width, scale 0.3), the embedding: a row of numbers per id;
        "hidden" (hidden×(context·width), scale 1/√(context·width));
        "output" (size×hidden, scale 1/√hidden).
        """
        raise NotImplementedError("phase 12: window")

    def logits(self, ids):
        """For each position the logits from the last `context` ids up to and with its own.

        The embeddings of these ids are joined into one list, the oldest first; it goes
        through "hidden", tanh and "output". Before the beginning stand boundaries.
        """
        raise NotImplementedError("phase 12: window")


def text_loss(model, ids):
    """The mean surprise of a model at a text, a Value: of every id after the first.

    `ids` are those of `encode`. `model.logits` is given all of them but the last, and
    says at each what comes next; the last boundary is predicted like any other id. A
    model that holds all V ids for equally likely has a loss of ln V.
    """
    raise NotImplementedError("phase 12: text_loss")


def train(model, texts, vocabulary, optimizer, steps):
    """A generator of `steps` steps, one text at a time: it yields the loss of each, a float.

    Step s = 0, 1, … takes the text s, from the first one again after the last. The rate
    falls in a straight line: step s sets `optimizer.lr` to the rate that it had before
    the first step, times 1 − s/steps. Then: forward (`text_loss`), clear the gradients
    (`optimizer.zero_grad()`), backward, `optimizer.step()`. The loss is the one from
    before the step, and when it is yielded, the step has been taken.
    """
    raise NotImplementedError("phase 12: train")


def sample(model, vocabulary, rng, temperature=1.0, beginning="", longest=10):
    """A text that the model writes, as a string: `beginning`, and what it adds.

    Again and again the model is asked what comes next; the answer is drawn by one
    call of `rng.choices(range(V), weights)` for all V ids, with weights in proportion
    to e^(logit/temperature). A temperature of 0 takes the id with the largest logit
    (the first of several) and draws nothing. Any other works too, however small.
    It ends when a boundary is drawn, which is not part of the text, or when the text
    has `longest` characters. Raises ValueError when the temperature is negative.
    """
    raise NotImplementedError("phase 12: sample")


def normalize(x):
    """x scaled so that the mean of the squares is about 1: each number / √(mean x² + 1e-5).

    A list of Values; x is one too. The scale depends on x, and so do its gradients.
    """
    raise NotImplementedError("phase 12: normalize")


def attention_weights(query, keys):
    """How much a query looks at each key: a list of Values that sum to 1.

    The softmax of q·k/√d over the keys k, where d is the length of the query.
    """
    raise NotImplementedError("phase 12: attention")


def attend(query, keys, values):
    """What a query takes from the values: a pair of lists, (mix, weights).

    The weights are those of `attention_weights`, one per key. The mix has the length of
    a value: Σ wᵢ·valueᵢ, the values weighted and added up number by number.
    """
    raise NotImplementedError("phase 12: attention")


class Gpt(Model):
    """A small GPT: one block of causal self-attention, every weight a Value."""

    def __init__(self, size, width=12, heads=2, context=10, rng=None):
        """Keep `context` and `heads`, and draw the weights, in this order:

        "token" (size×width, scale 0.3) and "position" (context×width, 0.1);
        "query", "key", "value" and "mix" (width×width, 1/√width);
        "up" (2·width×width, 1/√width) and "down" (width×2·width, 1/√(2·width));
        "output" (size×width, 1/√width).

        For 27 ids there are 1,920 weights. Without an `rng`, a new one is made.
        Raises ValueError when `width` is not a multiple of `heads`.
        """
        raise NotImplementedError("phase 12: gpt")

    def logits(self, ids, maps=None):
        """For each position the logits from all ids up to and with its own, and no later one.

        A position's stream x starts as the row of its id in "token" plus the row of its
        place in "position". Two things are added to it. First attention: n = normalize(x)
        gives a query, a key and a value by "query", "key" and "value"; each head takes its
        own part of them (of 12 numbers, two heads take the first 6 and the last 6) and
        attends to the positions up to this one; the heads' mixes, joined in order, go
        through "mix". Then normalize(x) anew, "up", relu and "down". The logits are
        "output" of normalize(x).

        With a list as `maps`, every position appends to it, per head, a list of its
        attention weights as floats. Raises ValueError for more ids than `context`.
        """
        raise NotImplementedError("phase 12: gpt")
