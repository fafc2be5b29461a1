"""An alternate that works on whole texts: a row per position, and a table of who sees whom."""

import math
import random

from minigrad.fast import Value, dot, total


class Vocabulary:
    def __init__(self, texts):
        characters = {character for text in texts for character in text}
        self.characters = "".join(sorted(characters))
        self._ids = {character: i for i, character in enumerate(self.characters, start=1)}

    def __len__(self):
        return 1 + len(self._ids)

    def encode(self, text):
        ids = [0]
        for character in text:
            if character not in self._ids:
                raise ValueError(f"unknown character: {character}")
            ids.append(self._ids[character])
        return [*ids, 0]

    def decode(self, ids):
        return "".join(("", *self.characters)[i] for i in ids)


def count_pairs(texts, vocabulary):
    size = len(vocabulary)
    flat = [0] * size**2
    for text in texts:
        before = 0
        for i in vocabulary.encode(text)[1:]:
            flat[before * size + i] += 1
            before = i
    return [flat[a * size : (a + 1) * size] for a in range(size)]


def pair_probabilities(counts, smoothing=1.0):
    result = []
    for row in counts:
        whole = sum(row) + smoothing * len(row)
        result.append([(count + smoothing) / whole for count in row])
    return result


def matrix(rows, columns, scale, rng):
    numbers = [rng.gauss(0, scale) for _ in range(rows * columns)]
    return [[Value(x) for x in numbers[r * columns : (r + 1) * columns]] for r in range(rows)]


def linear(weights, x):
    if any(len(row) != len(x) for row in weights):
        raise ValueError(f"{len(x)} numbers for weights of {len(weights[0])}")
    return [dot(x, row) for row in weights]


def softmax(logits):
    largest = max(logits, key=lambda z: z.data)  # a node: its gradients cancel
    exps = [(z - largest).exp() for z in logits]
    inverse = total(exps) ** -1
    return [inverse * e for e in exps]


def surprise(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError(f"{target} is no id")
    # ln Σ e^(z − z_target), with the largest exponent taken out first.
    gaps = [z - logits[target] for z in logits]
    largest = max(gap.data for gap in gaps)
    return total([(gap - largest).exp() for gap in gaps]).log() + largest


class Model:
    def __init__(self, weights):
        self.weights = weights

    def parameters(self):
        return [w for rows in self.weights.values() for row in rows for w in row]


class Bigram(Model):
    def __init__(self, size, rng):
        self.table = matrix(size, size, 1, rng)
        super().__init__({"table": self.table})

    def logits(self, ids):
        return [list(self.table[i]) for i in ids]


class Window(Model):
    def __init__(self, size, context, width, hidden, rng):
        self.context = context
        token = matrix(size, width, 0.3, rng)
        first = matrix(hidden, context * width, (context * width) ** -0.5, rng)
        second = matrix(size, hidden, hidden**-0.5, rng)
        super().__init__({"token": token, "hidden": first, "output": second})

    def logits(self, ids):
        rows = []
        for end in range(1, len(ids) + 1):
            seen = ids[max(0, end - self.context) : end]
            window = [0] * (self.context - len(seen)) + list(seen)
            x = sum((self.weights["token"][i] for i in window), [])
            x = linear(self.weights["hidden"], x)
            rows.append(linear(self.weights["output"], [a.tanh() for a in x]))
        return rows


def text_loss(model, ids):
    *given, _ = ids
    losses = [surprise(row, ids[n + 1]) for n, row in enumerate(model.logits(given))]
    return total(losses) * (1 / len(losses))


def train(model, texts, vocabulary, optimizer, steps):
    start, encoded = optimizer.lr, [vocabulary.encode(text) for text in texts]
    for s in range(steps):
        optimizer.zero_grad()
        loss = text_loss(model, encoded[s % len(encoded)])
        loss.backward()
        optimizer.lr = start - start * s / steps
        optimizer.step()
        yield loss.data


def sample(model, vocabulary, rng, temperature=1.0, beginning="", longest=10):
    if temperature < 0:
        raise ValueError("too cold")
    text = beginning
    for _ in range(longest - len(beginning)):
        row = [z.data for z in model.logits(vocabulary.encode(text)[:-1])[-1]]
        if temperature:
            largest = max(z / temperature for z in row)
            exps = [math.exp(z / temperature - largest) for z in row]
            (i,) = rng.choices(range(len(row)), [e / sum(exps) for e in exps])
        else:
            i = max(range(len(row)), key=row.__getitem__)
        if not i:
            return text
        text += vocabulary.decode([i])
    return text


def normalize(x):
    squares = total([a * a for a in x])
    root = (squares * (1 / len(x)) + 1e-5) ** 0.5
    return [a / root for a in x]


def attention_weights(query, keys):
    return softmax([dot(query, key) / math.sqrt(len(key)) for key in keys])


def attend(query, keys, values):
    weights = attention_weights(query, keys)
    mix = [dot([row[j] for row in values], weights) for j in range(len(values[0]))]
    return mix, weights


class Gpt(Model):
    def __init__(self, size, width=12, heads=2, context=10, rng=None):
        if width // heads * heads != width:
            raise ValueError(f"{heads} heads for {width} numbers")
        if rng is None:
            rng = random.Random()
        self.width, self.heads, self.context = width, heads, context
        shapes = {"token": (size, width, 0.3), "position": (context, width, 0.1)}
        shapes |= dict.fromkeys(("query", "key", "value", "mix"), (width, width, width**-0.5))
        shapes["up"] = 2 * width, width, width**-0.5
        shapes["down"] = width, 2 * width, (2 * width) ** -0.5
        shapes["output"] = size, width, width**-0.5
        super().__init__({name: matrix(*shape, rng) for name, shape in shapes.items()})

    def logits(self, ids, maps=None):
        if len(ids) > self.context:
            raise ValueError("the text is too long")
        w = self.weights
        xs = [[a + b for a, b in zip(w["token"][i], w["position"][n])] for n, i in enumerate(ids)]
        normal = [normalize(x) for x in xs]
        queries, keys, values = (
            [linear(w[name], x) for x in normal] for name in ("query", "key", "value")
        )
        joined = [[] for _ in ids]
        looked = [[] for _ in ids]
        part = self.width // self.heads
        for head in range(self.heads):
            a, b = head * part, (head + 1) * part
            for n in range(len(ids)):
                before = range(n + 1)
                mix, weights = attend(
                    queries[n][a:b],
                    [keys[m][a:b] for m in before],
                    [values[m][a:b] for m in before],
                )
                joined[n].extend(mix)
                looked[n].append([weight.data for weight in weights])
        if maps is not None:
            maps.extend(looked)
        xs = [[a + b for a, b in zip(linear(w["mix"], j), x)] for j, x in zip(joined, xs)]
        bent = [[a.relu() for a in linear(w["up"], normalize(x))] for x in xs]
        xs = [[a + b for a, b in zip(linear(w["down"], b), x)] for b, x in zip(bent, xs)]
        return [linear(w["output"], normalize(x)) for x in xs]
