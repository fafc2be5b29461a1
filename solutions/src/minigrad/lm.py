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

    # phase 12: vocabulary
    def __init__(self, texts):
        """Keep `characters`, a string: every character of the texts once, in sorted order."""
        self.characters = "".join(sorted(set("".join(texts))))

    # phase 12: vocabulary
    def __len__(self):
        """How many ids there are: one per character, and the boundary."""
        return len(self.characters) + 1

    # phase 12: vocabulary
    def encode(self, text):
        """The ids of the text's characters as a list, between two boundaries.

        The first of `characters` has the id 1. An empty text is two boundaries.
        Raises ValueError for a character that is not in the vocabulary, with that
        character in its message.
        """
        for character in text:
            if character not in self.characters:
                raise ValueError(f"the vocabulary has no {character!r}")
        return [0, *(self.characters.index(character) + 1 for character in text), 0]

    # phase 12: vocabulary
    def decode(self, ids):
        """The text of some ids; boundaries leave no trace, wherever they stand."""
        return "".join(self.characters[i - 1] for i in ids if i)


# phase 12: count_pairs
def count_pairs(texts, vocabulary):
    """How often one id follows another in the texts: a list of rows of ints.

    Row a, column b holds how often b comes right after a. Boundaries count: row 0
    says how texts begin, column 0 how they end. There are as many rows as ids, and
    as many columns.
    """
    counts = [[0] * len(vocabulary) for _ in range(len(vocabulary))]
    for text in texts:
        ids = vocabulary.encode(text)
        for a, b in pairwise(ids):
            counts[a][b] += 1
    return counts


# phase 12: pair_probabilities
def pair_probabilities(counts, smoothing=1.0):
    """The chance of each id after each other one: rows of floats that sum to 1.

    `smoothing` is added to every count first, so that what was never seen is
    unlikely but not impossible. The counts themselves stay as they are.
    """
    rows = [[count + smoothing for count in row] for row in counts]
    return [[count / sum(row) for count in row] for row in rows]


# phase 12: lm_linear
def matrix(rows, columns, scale, rng):
    """Weights to begin with: a list of `rows` lists of `columns` Values.

    Each is drawn from `rng.gauss(0, scale)`, row by row, from left to right. `rng`
    is a random.Random.
    """
    return [[Value(rng.gauss(0, scale)) for _ in range(columns)] for _ in range(rows)]


# phase 12: lm_linear
def linear(weights, x):
    """W·x without a bias: a list of Values, the dot product of each row of weights with x.

    Raises ValueError when a row and x differ in length.
    """
    return [dot(row, x) for row in weights]


# phase 12: lm_softmax
def softmax(logits):
    """Probabilities from logits: e^z for each logit z, divided by the sum of them all.

    A list of as many Values. The same number added to every logit changes nothing;
    subtract the largest before exp, so that logits of ±1000 work.
    """
    exps = [z.exp() for z in _shifted(logits)]
    whole = total(exps)
    return [e / whole for e in exps]


# phase 12: reference only
def _shifted(logits):
    largest = Value(max(z.data for z in logits))
    return [z - largest for z in logits]


# phase 12: surprise
def surprise(logits, target):
    """−ln softmax(logits)[target]: small where the model expected the target. A Value.

    Stable like `softmax`, however unlikely the target is. The gradient with respect
    to logit i is softmax_i − (1 if i == target else 0). Raises ValueError when
    `target` is not an index from 0 to len(logits) − 1.
    """
    if target not in range(len(logits)):
        raise ValueError(f"target {target} is not an id from 0 to {len(logits) - 1}")
    shifted = _shifted(logits)
    return total([z.exp() for z in shifted]).log() - shifted[target]


class Model:
    """What every model has: `weights`, a dict of matrices by name, in the order of drawing."""

    def __init__(self, weights):
        self.weights = weights

    def parameters(self):
        """All weights in one list, matrix by matrix, row by row."""
        return [w for rows in self.weights.values() for row in rows for w in row]


class Bigram(Model):
    """The next character from the last one alone: a table of logits."""

    # phase 12: bigram
    def __init__(self, size, rng):
        """Draw the weights "table" (size×size, scale 1); `size` is the number of ids."""
        super().__init__({"table": matrix(size, size, 1.0, rng)})

    # phase 12: bigram
    def logits(self, ids):
        """For each id its row of the table, whatever came before it."""
        return [self.weights["table"][i] for i in ids]


class Window(Model):
    """The next character from the last few, through one hidden layer (Bengio et al., 2003)."""

    # phase 12: window
    def __init__(self, size, context, width, hidden, rng):
        """Keep `context`, how many ids the model sees, and draw the weights, in this order:

        "token" (size×width, scale 0.3), the embedding: a row of numbers per id;
        "hidden" (hidden×(context·width), scale 1/√(context·width));
        "output" (size×hidden, scale 1/√hidden).
        """
        self.context = context
        inputs = context * width
        super().__init__(
            {
                "token": matrix(size, width, 0.3, rng),
                "hidden": matrix(hidden, inputs, 1 / math.sqrt(inputs), rng),
                "output": matrix(size, hidden, 1 / math.sqrt(hidden), rng),
            }
        )

    # phase 12: window
    def logits(self, ids):
        """For each position the logits from the last `context` ids up to and with its own.

        The embeddings of these ids are joined into one list, the oldest first; it goes
        through "hidden", tanh and "output". Before the beginning stand boundaries.
        """
        w, rows = self.weights, []
        padded = [0] * (self.context - 1) + list(ids)
        for start in range(len(ids)):
            window = padded[start : start + self.context]
            joined = [number for i in window for number in w["token"][i]]
            bent = [a.tanh() for a in linear(w["hidden"], joined)]
            rows.append(linear(w["output"], bent))
        return rows


# phase 12: text_loss
def text_loss(model, ids):
    """The mean surprise of a model at a text, a Value: of every id after the first.

    `ids` are those of `encode`. `model.logits` is given all of them but the last, and
    says at each what comes next; the last boundary is predicted like any other id. A
    model that holds all V ids for equally likely has a loss of ln V.
    """
    rows = model.logits(ids[:-1])
    surprises = [surprise(row, target) for row, target in zip(rows, ids[1:])]
    return total(surprises) / len(surprises)


# phase 12: train
def train(model, texts, vocabulary, optimizer, steps):
    """A generator of `steps` steps, one text at a time: it yields the loss of each, a float.

    Step s = 0, 1, … takes the text s, from the first one again after the last. The rate
    falls in a straight line: step s sets `optimizer.lr` to the rate that it had before
    the first step, times 1 − s/steps. Then: forward (`text_loss`), clear the gradients
    (`optimizer.zero_grad()`), backward, `optimizer.step()`. The loss is the one from
    before the step, and when it is yielded, the step has been taken.
    """
    rate = optimizer.lr
    for s in range(steps):
        optimizer.lr = rate * (1 - s / steps)
        mean = text_loss(model, vocabulary.encode(texts[s % len(texts)]))
        optimizer.zero_grad()
        mean.backward()
        optimizer.step()
        yield mean.data


# phase 12: sample
def sample(model, vocabulary, rng, temperature=1.0, beginning="", longest=10):
    """A text that the model writes, as a string: `beginning`, and what it adds.

    Again and again the model is asked what comes next; the answer is drawn by one
    call of `rng.choices(range(V), weights)` for all V ids, with weights in proportion
    to e^(logit/temperature). A temperature of 0 takes the id with the largest logit
    (the first of several) and draws nothing. Any other works too, however small.
    It ends when a boundary is drawn, which is not part of the text, or when the text
    has `longest` characters. Raises ValueError when the temperature is negative.
    """
    if temperature < 0:
        raise ValueError(f"a temperature can't be negative, such as {temperature}")
    ids = vocabulary.encode(beginning)[:-1]
    while len(ids) <= longest:
        chosen = _drawn([z.data for z in model.logits(ids)[-1]], temperature, rng)
        if chosen == 0:
            break
        ids.append(chosen)
    return vocabulary.decode(ids)


# phase 12: reference only
def _drawn(logits, temperature, rng):
    largest = max(logits)
    if temperature == 0:
        return logits.index(largest)
    weights = [math.exp((z - largest) / temperature) for z in logits]
    return rng.choices(range(len(logits)), weights)[0]


# phase 12: normalize
def normalize(x):
    """x scaled so that the mean of the squares is about 1: each number / √(mean x² + 1e-5).

    A list of Values; x is one too. The scale depends on x, and so do its gradients.
    """
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [number * scale for number in x]


# phase 12: attention
def attention_weights(query, keys):
    """How much a query looks at each key: a list of Values that sum to 1.

    The softmax of q·k/√d over the keys k, where d is the length of the query.
    """
    scale = 1 / math.sqrt(len(query))
    return softmax([dot(query, key) * scale for key in keys])


# phase 12: attention
def attend(query, keys, values):
    """What a query takes from the values: a pair of lists, (mix, weights).

    The weights are those of `attention_weights`, one per key. The mix has the length of
    a value: Σ wᵢ·valueᵢ, the values weighted and added up number by number.
    """
    weights = attention_weights(query, keys)
    return [dot(weights, column) for column in zip(*values)], weights


class Gpt(Model):
    """A small GPT: one block of causal self-attention, every weight a Value."""

    # phase 12: gpt
    def __init__(self, size, width=12, heads=2, context=10, rng=None):
        """Keep `context` and `heads`, and draw the weights, in this order:

        "token" (size×width, scale 0.3) and "position" (context×width, 0.1);
        "query", "key", "value" and "mix" (width×width, 1/√width);
        "up" (2·width×width, 1/√width) and "down" (width×2·width, 1/√(2·width));
        "output" (size×width, 1/√width).

        For 27 ids there are 1,920 weights. Without an `rng`, a new one is made.
        Raises ValueError when `width` is not a multiple of `heads`.
        """
        if width % heads:
            raise ValueError(f"a width of {width} can't be shared by {heads} heads")
        self.context, self.heads = context, heads
        rng = rng or random.Random()
        scale = 1 / math.sqrt(width)
        weights = {
            "token": matrix(size, width, 0.3, rng),
            "position": matrix(context, width, 0.1, rng),
        }
        for name in ("query", "key", "value", "mix"):
            weights[name] = matrix(width, width, scale, rng)
        weights["up"] = matrix(2 * width, width, scale, rng)
        weights["down"] = matrix(width, 2 * width, 1 / math.sqrt(2 * width), rng)
        weights["output"] = matrix(size, width, scale, rng)
        super().__init__(weights)

    # phase 12: gpt
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
        if len(ids) > self.context:
            raise ValueError(f"{len(ids)} ids are more than the context of {self.context}")
        w, keys, values, rows = self.weights, [], [], []
        for i, place in zip(ids, w["position"]):
            x = _added(w["token"][i], place)
            x = _added(x, self._attention(normalize(x), keys, values, maps))
            bent = [a.relu() for a in linear(w["up"], normalize(x))]
            x = _added(x, linear(w["down"], bent))
            rows.append(linear(w["output"], normalize(x)))
        return rows

    # phase 12: reference only
    def _attention(self, x, keys, values, maps):
        """What one position adds from the others; its key and value are appended for the next."""
        w, part = self.weights, len(x) // self.heads
        query = linear(w["query"], x)
        keys.append(linear(w["key"], x))
        values.append(linear(w["value"], x))
        mixed, looked = [], []
        for start in range(0, len(x), part):
            own = slice(start, start + part)
            mix, weights = attend(query[own], [k[own] for k in keys], [v[own] for v in values])
            mixed += mix
            looked.append([weight.data for weight in weights])
        if maps is not None:
            maps.append(looked)
        return linear(w["mix"], mixed)


# phase 12: reference only
def _added(a, b):
    return [x + y for x, y in zip(a, b)]
