"""Problem set 12p: what a language model is good for. The tasks are in lab/12p-problems.md.

A model is anything with `logits(ids)`: for each of the ids a list of logits (Values), one for
each id that might come next. A text is read as `vocabulary.encode` gives it, both boundaries
included.
"""

import math

from minigrad.fast import Value
from minigrad.lm import linear, softmax, surprise, text_loss


# phase 12p: reference only
def _whole_surprise(model, vocabulary, text):
    """−ln of the probability of a whole text: the sum over its characters and its end."""
    ids = vocabulary.encode(text)
    return text_loss(model, ids).data * (len(ids) - 1)


# phase 12p: reference only
def _chances(model, ids):
    """What might come after some ids, as floats."""
    return [p.data for p in softmax(model.logits(ids)[-1])]


# phase 12p: bits_per_character
def bits_per_character(model, vocabulary, texts):
    """How many bits a model takes to write down some texts: (bits per character, perplexity).

    A text of n characters has n + 1 surprises, that of its end included. The surprises
    of all texts are averaged together, so that a long text weighs more than a short
    one. In bits a surprise is −log₂ p, so nats are divided by ln 2. The perplexity is 2
    to the power of the bits: among so many equally likely characters the model would
    hesitate as much. Two floats. Raises ValueError when there is no text.
    """
    if not texts:
        raise ValueError("there is no text to read")
    whole = sum(_whole_surprise(model, vocabulary, text) for text in texts)
    bits = whole / sum(len(text) + 1 for text in texts) / math.log(2)
    return bits, 2**bits


# phase 12p: language_chances
def language_chances(models, vocabulary, text):
    """From which language is a text? The chance of each one: a list of floats that sum to 1.

    `models` holds a model per language, all for the same vocabulary. Before the text is
    read, all languages are equally likely. By Bayes' rule the chance of a language is
    then in proportion to the probability that its model gives to the whole text, its
    end included. Works for long texts as well, whose probabilities are too small for a
    float: subtract the smallest of the surprises before exp.
    """
    surprises = [_whole_surprise(model, vocabulary, text) for model in models]
    least = min(surprises)
    weights = [math.exp(least - s) for s in surprises]
    return [w / sum(weights) for w in weights]


# phase 12p: beam_search
def beam_search(model, vocabulary, width, longest=10):
    """The likeliest texts that a beam finds: a list of pairs (text, ln of its probability).

    A beam is a list of beginnings, the empty one at first. Round by round, each of them
    is finished by a boundary, which makes a text, and is prolonged by each character.
    Of all the beginnings that come out of a round, the `width` likeliest ones are the
    beam of the next. Beginnings of `longest` characters are finished and not prolonged.
    At the end the `width` likeliest of all the texts are returned, the likeliest first.
    The probability of a text includes that of its end.
    """
    beam, texts = [([0], 0.0)], []
    for length in range(longest + 1):
        longer = []
        for ids, so_far in beam:
            for i, p in enumerate(_chances(model, ids)):
                (longer if i else texts).append(([*ids, i], so_far + math.log(p)))
        beam = _likeliest(longer, width) if length < longest else []
    return [(vocabulary.decode(ids), ln_p) for ids, ln_p in _likeliest(texts, width)]


# phase 12p: reference only
def _likeliest(pairs, count):
    return sorted(pairs, key=lambda pair: -pair[1])[:count]


# phase 12p: nucleus_sample
def nucleus_sample(model, vocabulary, rng, share, longest=10):
    """A text drawn from the likely part of every answer, without its tail: a string.

    At each step the ids are put in order, the likeliest first (of equals the smaller
    id), and as few of them are kept as are needed for their probabilities to add up to
    `share` or more. One is drawn from these by one call of `rng.choices(kept, weights)`,
    in that order, with weights in proportion to their probabilities. It ends when a
    boundary is drawn, or when the text has `longest` characters. Raises ValueError
    unless 0 < share ≤ 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share is {share}; it must be more than 0 and at most 1")
    ids = [0]
    while len(ids) <= longest:
        chances = _chances(model, ids)
        kept, held = [], 0.0
        for i in sorted(range(len(chances)), key=lambda i: -chances[i]):
            if held < share:
                kept.append(i)
                held += chances[i]
        (drawn,) = rng.choices(kept, [chances[i] for i in kept])
        if drawn == 0:
            break
        ids.append(drawn)
    return vocabulary.decode(ids)


# phase 12p: tied_gradient
def tied_gradient(token, hidden, ids, target):
    """One matrix to read with and to write with: (surprise, derivatives by `token`).

    `token` holds a row of `width` floats for each of V ids, and `hidden` holds `width` rows
    of c·width floats; `ids` are c of them, the oldest first. Their rows of `token` are
    joined, and h = tanh(hidden·joined). The logit of id i is the dot product of row i of
    `token` with h, so the same numbers are used at both ends. Returns the surprise at
    `target`, a float, and a list of V lists of floats, one derivative of it for each number
    of `token`; each number is one parameter, wherever it is used.
    """
    rows = [[Value(number) for number in row] for row in token]
    bends = [[Value(number) for number in row] for row in hidden]
    joined = [number for i in ids for number in rows[i]]
    state = [a.tanh() for a in linear(bends, joined)]
    cost = surprise(linear(rows, state), target)
    cost.backward()
    return cost.data, [[number.grad for number in row] for row in rows]


# phase 12p: exposure
def exposure(model, vocabulary, secret, others):
    """How well a model knows a secret by heart: its exposure in bits (Carlini et al., 2019).

    `others` are texts that might have been the secret just as well. All of them and the
    secret are put in order by the surprise of the whole text, the smallest first. The
    rank of the secret counts from 1: one more than there are others that surprise the
    model less. The exposure is log₂ of how many texts there are, the secret included,
    minus log₂ of the rank. A float: 0 for the last, 10 for the first of 1,024.
    """
    known = _whole_surprise(model, vocabulary, secret)
    rank = 1 + sum(_whole_surprise(model, vocabulary, text) < known for text in others)
    return math.log2(len(others) + 1) - math.log2(rank)
