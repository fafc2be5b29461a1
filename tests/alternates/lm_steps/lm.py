"""An alternate that goes character by character, with + and * alone: no fused sums at all."""

import math
import random
from collections import Counter

from minigrad.fast import Value


def _sum(values):
    values = list(values)
    result = values[0]
    for v in values[1:]:
        result = result + v
    return result


def _product(ws, xs):
    if len(ws) != len(xs):
        raise ValueError(f"{len(ws)} weights, {len(xs)} numbers")
    return _sum(w * x for w, x in zip(ws, xs))


class Vocabulary:
    def __init__(self, texts):
        self.characters = ""
        for text in texts:
            for character in text:
                if character not in self.characters:
                    self.characters += character
        self.characters = "".join(sorted(self.characters))

    def __len__(self):
        return len("." + self.characters)

    def encode(self, text):
        try:
            return [0] + [self.characters.index(c) + 1 for c in text] + [0]
        except ValueError:
            unknown = [c for c in text if c not in self.characters]
            raise ValueError(f"never seen: {', '.join(unknown)}") from None

    def decode(self, ids):
        text = ""
        for i in ids:
            if i != 0:
                text += self.characters[i - 1]
        return text


def count_pairs(texts, vocabulary):
    seen = Counter()
    for text in texts:
        ids = vocabulary.encode(text)
        seen.update(zip(ids[:-1], ids[1:]))
    size = range(len(vocabulary))
    return [[seen[a, b] for b in size] for a in size]


def pair_probabilities(counts, smoothing=1.0):
    return [[(n + smoothing) / sum(m + smoothing for m in row) for n in row] for row in counts]


def matrix(rows, columns, scale, rng):
    result = []
    for _ in range(rows):
        row = []
        for _ in range(columns):
            row.append(Value(rng.gauss(0.0, scale)))
        result.append(row)
    return result


def linear(weights, x):
    return [_product(row, x) for row in weights]


def softmax(logits):
    return [(-surprise(logits, i)).exp() for i in range(len(logits))]


def surprise(logits, target):
    if target < 0 or target >= len(logits):
        raise ValueError(f"no such target: {target}")
    largest = max(z.data for z in logits)
    return _sum((z - largest).exp() for z in logits).log() + largest - logits[target]


class Model:
    def __init__(self, weights):
        self.weights = weights

    def parameters(self):
        return [w for rows in self.weights.values() for row in rows for w in row]

    def logits(self, ids):
        memory = self.start()
        return [self.after(i, memory) for i in ids]


class Bigram(Model):
    def __init__(self, size, rng):
        super().__init__({"table": matrix(size, size, 1.0, rng)})

    def start(self):
        return None

    def after(self, i, memory):
        return [w + 0.0 for w in self.weights["table"][i]]


class Window(Model):
    def __init__(self, size, context, width, hidden, rng):
        self.context = context
        weights = {"token": matrix(size, width, 0.3, rng)}
        weights["hidden"] = matrix(hidden, context * width, 1 / (context * width) ** 0.5, rng)
        weights["output"] = matrix(size, hidden, 1 / hidden**0.5, rng)
        super().__init__(weights)

    def start(self):
        return [0] * self.context

    def after(self, i, memory):
        memory.append(i)
        del memory[0]
        x = []
        for j in memory:
            x += self.weights["token"][j]
        return linear(self.weights["output"], [a.tanh() for a in linear(self.weights["hidden"], x)])


def text_loss(model, ids):
    rows = model.logits(list(ids)[:-1])
    return _sum(surprise(row, ids[n]) / len(rows) for n, row in enumerate(rows, start=1))


def train(model, texts, vocabulary, optimizer, steps):
    rates = [optimizer.lr * (steps - s) / steps for s in range(steps)]
    for s, rate in enumerate(rates):
        optimizer.lr = rate
        loss = text_loss(model, vocabulary.encode(texts[s % len(texts)]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield float(loss.data)


def sample(model, vocabulary, rng, temperature=1.0, beginning="", longest=10):
    if temperature < 0:
        raise ValueError(f"temperature {temperature}")
    ids = vocabulary.encode(beginning)
    ids.pop()
    while True:
        if len(ids) - 1 >= longest:
            break
        row = model.logits(ids)[-1]
        if temperature == 0:
            best = 0
            for i, z in enumerate(row):
                if z.data > row[best].data:
                    best = i
            ids.append(best)
        else:
            chances = softmax([Value(z.data / temperature) for z in row])
            ids += rng.choices(range(len(row)), [p.data for p in chances])
        if ids[-1] == 0:
            break
    return vocabulary.decode(ids)


def normalize(x):
    mean = _sum(a * a for a in x) / len(x)
    return [a * (mean + 1e-5) ** -0.5 for a in x]


def attention_weights(query, keys):
    root = math.sqrt(len(query))
    return softmax([_product([q / root for q in query], key) for key in keys])


def attend(query, keys, values):
    weights = attention_weights(query, keys)
    scaled = [[w * v for v in value] for w, value in zip(weights, values)]
    return [_sum(column) for column in zip(*scaled)], weights


class Gpt(Model):
    def __init__(self, size, width=12, heads=2, context=10, rng=None):
        if width % heads != 0:
            raise ValueError(f"{width} / {heads}")
        self.context, self.heads = context, heads
        rng = random.Random() if rng is None else rng
        small = 1 / math.sqrt(width)
        weights = {"token": matrix(size, width, 0.3, rng)}
        weights["position"] = matrix(context, width, 0.1, rng)
        for name in "query", "key", "value", "mix":
            weights[name] = matrix(width, width, small, rng)
        weights["up"] = matrix(2 * width, width, small, rng)
        weights["down"] = matrix(width, 2 * width, math.sqrt(0.5) * small, rng)
        weights["output"] = matrix(size, width, small, rng)
        super().__init__(weights)

    def start(self):
        return [([], []) for _ in range(self.heads)]

    def logits(self, ids, maps=None):
        if len(ids) > self.context:
            raise ValueError(f"only {self.context} ids, please")
        self.maps, memory = maps, self.start()
        return [self.after(i, memory) for i in ids]

    def after(self, i, memory):
        w = self.weights
        place = len(memory[0][0])
        x = [a + b for a, b in zip(w["token"][i], w["position"][place])]
        x = [a + b for a, b in zip(x, linear(w["mix"], self.heard(normalize(x), memory)))]
        bent = [a.relu() for a in linear(w["up"], normalize(x))]
        x = [a + b for a, b in zip(x, linear(w["down"], bent))]
        return linear(w["output"], normalize(x))

    def heard(self, x, memory):
        part, mixes, looked = len(x) // self.heads, [], []
        for head, (keys, values) in enumerate(memory):
            rows = slice(head * part, (head + 1) * part)  # of each matrix: a head's own rows
            query, key, value = (
                linear(self.weights[name][rows], x) for name in ("query", "key", "value")
            )
            keys.append(key)
            values.append(value)
            mix, weights = attend(query, keys, values)
            mixes += mix
            looked.append([weight.data for weight in weights])
        if self.maps is not None:
            self.maps.append(looked)
        return mixes
