"""Hidden probes of phase 12. They observe; the judge compares with the reference."""

import random

from course.observe import probe
from minigrad.fast import Value
from minigrad.lm import (
    Bigram,
    Gpt,
    Vocabulary,
    Window,
    attend,
    attention_weights,
    count_pairs,
    linear,
    matrix,
    normalize,
    pair_probabilities,
    sample,
    softmax,
    surprise,
    text_loss,
    train,
)
from minigrad.optim import SGD, Adam

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def numbers(values):
    return [v.data for v in values]


def values(*rows):
    """Values of lists of numbers."""
    return [[Value(x) for x in row] for row in rows]


def drawn(observe, count, low=-2.0, high=2.0):
    return [Value(observe.rng.uniform(low, high)) for _ in range(count)]


def seeded(observe):
    """A generator that follows from the probe's."""
    return random.Random(observe.rng.randrange(10**6))


def weighted(outputs):
    """A sum of Values with weights that tell them apart."""
    result = outputs[0] * 0.5
    for i, y in enumerate(outputs[1:], 1):
        result = result + y * (0.5 + 0.75 * i)
    return result


def gradients(outputs, inputs):
    """The gradients of a weighted sum of outputs."""
    for v in inputs:
        v.grad = 0.0
    weighted(outputs).backward()
    return [v.grad for v in inputs]


def as_number(ids, base):
    """A list of small numbers as one: a digit for each."""
    whole = 0
    for i in ids:
        whole = whole * base + i
    return whole


def spelled(text):
    """A text of lower-case letters as one number."""
    return as_number((LETTERS.index(c) + 1 for c in text[:10]), 27)


def word(observe, letters, length):
    return "".join(observe.rng.choice(letters) for _ in range(length))


class Table:
    """A model of fixed rows of logits, which notes what it is given."""

    def __init__(self, rows):
        self.rows = values(*rows)
        self.given = []

    def logits(self, ids):
        self.given.append(list(ids))
        return [self.rows[i] for i in ids]

    def parameters(self):
        return [w for row in self.rows for w in row]


def table(observe, size, low=-2.0, high=2.0):
    return Table([[observe.rng.uniform(low, high) for _ in range(size)] for _ in range(size)])


def set_weights(model, rng, low=-1.0, high=1.0):
    """Give the weights of a model other numbers."""
    for rows in model.weights.values():
        for row in rows:
            for w in row:
                w.data = rng.uniform(low, high)


# ── vocabulary ──────────────────────────────────────────────────────────────
@probe(task="vocabulary", concept="characters", points=2)
def test_ids_of_drawn_words(observe):
    """The ids of words of drawn letters, one number per word."""
    letters = "".join(observe.rng.sample(LETTERS, 12))
    texts = [word(observe, letters, 6) for _ in range(8)]
    vocabulary = Vocabulary([*texts, letters])
    observe("ids", [as_number(vocabulary.encode(text), 13) for text in texts])
    observe("characters", spelled(vocabulary.characters))
    observe("length", len(vocabulary))


@probe(task="vocabulary", concept="characters")
def test_text_of_drawn_ids(observe):
    """Ids back to text, boundaries at any place left out."""
    vocabulary = Vocabulary(["".join(observe.rng.sample(LETTERS, 9))])
    texts = [
        vocabulary.decode([observe.rng.choice([0, *range(1, 10)]) for _ in range(10)])
        for _ in range(8)
    ]
    observe("texts", [spelled(text) for text in texts])
    observe("of boundaries", vocabulary.decode([0, 0]))
    observe("of no ids", vocabulary.decode([]))


@probe(task="vocabulary", concept="characters")
def test_characters_of_all_kinds(observe):
    """Capitals, spaces and signs are characters as well; what was never seen is refused."""
    vocabulary = Vocabulary(["To be, ", "or not", ""])
    observe("characters", vocabulary.characters)
    observe("ids", vocabulary.encode("be or Tone"))
    observe("they are a list", isinstance(vocabulary.encode("be"), list))
    for unknown in "bX", "é", "not!", "0":
        with observe.raises(unknown, mentions=unknown[-1]):
            vocabulary.encode(unknown)


# ── count_pairs, pair_probabilities ─────────────────────────────────────────
@probe(task="count_pairs", concept="counting-pairs", points=2)
def test_counts_of_drawn_texts(observe):
    """Texts of four letters: a number per row, two decimal places per count."""
    vocabulary = Vocabulary(["abcd"])
    texts = [word(observe, "abcd", 5) for _ in range(12)]
    observe("rows", [as_number(row, 100) for row in count_pairs(texts, vocabulary)])


@probe(task="count_pairs", concept="counting-pairs")
def test_counts_of_repeated_letters(observe):
    """Texts that repeat letters, an empty one, and letters that never occur."""
    vocabulary = Vocabulary(["aXz"])
    texts = ["a" * observe.rng.randrange(11, 60), "", "za" * 12]
    counts = count_pairs(texts, vocabulary)
    observe("counts", counts)
    counts[0][0] += 5
    observe("rows of their own", [row[0] for row in counts[1:]])


@probe(task="pair_probabilities", concept="counting-pairs")
def test_probabilities_of_drawn_counts(observe):
    """Four rows of counts, with a smoothing that is drawn."""
    counts = [[observe.rng.randrange(40) for _ in range(4)] for _ in range(4)]
    rows = pair_probabilities(counts, observe.rng.uniform(0.1, 3))
    observe("probabilities", rows)
    observe("sums", [sum(row) for row in rows])


@probe(task="pair_probabilities", concept="counting-pairs")
def test_smoothing(observe):
    """The default, a row of zeros, no smoothing; the counts are left alone."""
    counts = [[observe.rng.randrange(1, 40) for _ in range(3)], [0, 0, 0], [0, 7, 1]]
    before = [list(row) for row in counts]
    observe("by default", pair_probabilities(counts))
    observe("smoothing 0", pair_probabilities([counts[0], counts[2]], 0.0))
    observe("counts stay", counts == before)


# ── lm_linear ───────────────────────────────────────────────────────────────
@probe(task="lm_linear", concept="weights")
def test_drawn_weights(observe):
    """The numbers of two matrices that draw from one generator."""
    rng = seeded(observe)
    for rows, columns in ((2, 3), (3, 1)):
        weights = matrix(rows, columns, observe.rng.uniform(0.1, 1), rng)
        observe(f"{rows}×{columns}", [numbers(row) for row in weights])
        observe(f"nodes of {rows}×{columns}", len({id(w) for row in weights for w in row}))


@probe(task="lm_linear", concept="weights")
def test_products_and_gradients(observe):
    """W·x, and the gradients of W and of x."""
    weights = [drawn(observe, 3) for _ in range(4)]
    x = drawn(observe, 3)
    y = linear(weights, x)
    observe("products", numbers(y))
    observe("gradients", gradients(y, [*x, *(w for row in weights for w in row)]))


@probe(task="lm_linear", concept="weights")
def test_lengths_that_differ(observe):
    """A row too long or too short is refused."""
    for length in (1, 3):
        with observe.raises(f"{length} numbers for rows of two"):
            linear([drawn(observe, 2), drawn(observe, 2)], drawn(observe, length))
    observe("one row", numbers(linear([drawn(observe, 2)], drawn(observe, 2))))


# ── lm_softmax, surprise ────────────────────────────────────────────────────
@probe(task="lm_softmax", concept="softmax")
def test_softmax_of_drawn_logits(observe):
    """Probabilities of one to six logits, and gradients."""
    for count in (1, 2, 6):
        z = drawn(observe, count)
        p = softmax(z)
        observe(f"{count} probabilities", numbers(p))
        observe(f"{count} gradients", gradients(p, z), rtol=1e-9)
    z = drawn(observe, 3, 900.0, 904.0)
    observe("gradients far out", gradients(softmax(z), z), rtol=1e-9)


@probe(task="lm_softmax", concept="softmax")
def test_softmax_far_out(observe):
    """Large logits of either sign, far apart or close together."""
    for shift in (900.0, -900.0):
        p = softmax(drawn(observe, 4, shift - 2, shift + 2))
        observe(f"around {shift}", numbers(p), rtol=1e-9)
    observe("far apart", numbers(softmax(values((-1000.0, 1000.0, 0.0))[0])))


@probe(task="surprise", concept="surprise", points=2)
def test_surprise_of_each_target(observe):
    """The loss and the gradients for every target of four."""
    for target in range(4):
        z = drawn(observe, 4)
        loss = surprise(z, target)
        (loss * 3).backward()
        observe(f"surprise at {target}", loss.data)
        observe(f"gradients at {target}", [v.grad for v in z], rtol=1e-9)
    z = values((1000.0, -500.0, observe.rng.uniform(998, 999)))[0]
    surprise(z, 1).backward()
    observe("gradients far out", [v.grad for v in z], rtol=1e-9)


@probe(task="surprise", concept="surprise")
def test_surprise_far_out(observe):
    """However unlikely the target is, and however large the logits are, the loss is finite."""
    for name, shift, gap in (("apart", 0.0, 1500.0), ("above", 900.0, 1.0), ("below", -900.0, 1.0)):
        z = values((shift + observe.rng.uniform(0, 1), shift - gap, shift))[0]
        observe(f"surprise {name}", surprise(z, 1).data, rtol=1e-9)


@probe(task="surprise", concept="surprise")
def test_targets_refused(observe):
    """From 0 to the last index, nothing else."""
    z = drawn(observe, 3)
    for target in (-3, -1, 0, 2, 3, 40):
        with observe.raises(f"target {target}"):
            surprise(z, target)


# ── bigram, window ──────────────────────────────────────────────────────────
@probe(task="bigram", concept="weights")
def test_bigram_table(observe):
    """The drawn table, and its rows as logits."""
    size = 5
    model = Bigram(size, seeded(observe))
    observe("table", [numbers(row) for row in model.weights["table"]])
    ids = [observe.rng.randrange(size) for _ in range(6)]
    observe("logits", [numbers(row) for row in model.logits(ids)])


@probe(task="bigram", concept="weights")
def test_bigram_of_other_weights(observe):
    """Weights that are set, and gradients where an id comes more than once."""
    model = Bigram(3, random.Random(0))
    set_weights(model, observe.rng)
    rows = model.logits([1, 1, 2])
    observe("logits", [numbers(row) for row in rows])
    observe("gradients", gradients([z for row in rows for z in row], model.parameters()))


@probe(task="window", concept="embedding")
def test_window_weights(observe):
    """What is drawn, in which order, on which scale."""
    model = Window(4, 3, 2, 5, seeded(observe))
    observe("names", " ".join(model.weights))
    observe("shapes", [[len(rows), len(rows[0])] for rows in model.weights.values()])
    observe("weights", numbers(model.parameters()))
    observe("context", model.context)


@probe(task="window", concept="embedding", points=2)
def test_window_logits(observe):
    """Texts shorter and longer than the context; what is older than it makes no difference."""
    for context in (1, 3):
        model = Window(4, context, 2, 3, random.Random(0))
        set_weights(model, observe.rng)
        for ids in ([2], [0, 3], [3, 1, 2, 0, 1], [1, 0, 2, 0, 1]):
            rows = model.logits(ids)
            observe(f"{context}: {ids}", [numbers(row) for row in rows], rtol=1e-9)


@probe(task="window", concept="embedding")
def test_window_gradients(observe):
    """The gradients of all weights, those of the boundaries before the beginning too."""
    model = Window(3, 2, 2, 3, random.Random(0))
    set_weights(model, observe.rng)
    outputs = [z for row in model.logits([1, 2, 1]) for z in row]
    observe("gradients", gradients(outputs, model.parameters()), rtol=1e-9)


# ── text_loss, train ────────────────────────────────────────────────────────
@probe(task="text_loss", concept="surprise", points=2)
def test_loss_and_gradients(observe):
    """The mean surprise of drawn texts, and its gradients."""
    for length in (0, 1, 6):
        model = table(observe, 4)
        ids = [0, *(observe.rng.randrange(1, 4) for _ in range(length)), 0]
        loss = text_loss(model, ids)
        loss.backward()
        observe(f"loss of {length}", loss.data, rtol=1e-9)
        observe(f"gradients of {length}", [p.grad for p in model.parameters()], rtol=1e-9)


@probe(task="text_loss", concept="surprise")
def test_loss_of_no_idea(observe):
    """ln V, whatever the text and however large the equal logits are."""
    for size in (2, 27):
        model = Table([[observe.rng.uniform(-900, 900)] * size for _ in range(size)])
        observe(f"of {size}", text_loss(model, [0, 1, 1, 0]).data, rtol=1e-9)


@probe(task="text_loss", concept="surprise")
def test_what_a_model_is_given(observe):
    """All ids but the last one."""
    model = table(observe, 4)
    observe("loss", text_loss(model, [0, 3, 1, 2, 0]).data, rtol=1e-9)
    observe("given", model.given[0])


@probe(task="train", concept="language-training", points=2)
def test_steps_on_a_table(observe):
    """Losses and weights of five steps on three texts, the first one comes again."""
    vocabulary, model = Vocabulary(["abc"]), table(observe, 4)
    optimizer = SGD(model.parameters(), observe.rng.uniform(0.5, 1.5))
    for p in model.parameters():
        p.grad = 30.0
    texts = ["ab", "cab", "b"]
    for step, loss in enumerate(train(model, texts, vocabulary, optimizer, 5)):
        observe(f"loss {step}", loss, rtol=1e-9)
        observe(f"weights after step {step}", numbers(model.parameters()), rtol=1e-9)


class Noting:
    """An optimizer that moves nothing and notes what it is asked for."""

    def __init__(self, parameters, lr):
        self.parameters, self.lr, self.events, self.rates = parameters, lr, [], []

    def zero_grad(self):
        self.events.append("zero")
        for p in self.parameters:
            p.grad = 0.0

    def step(self):
        self.events.append("step")
        self.rates.append(self.lr)


@probe(task="train", concept="language-training", points=2)
def test_rates_and_order(observe):
    """The rate of each step, and what the optimizer is asked for."""
    vocabulary, model = Vocabulary(["ab"]), table(observe, 3)
    for steps in (1, 3, 7):
        optimizer = Noting(model.parameters(), observe.rng.uniform(0.1, 2))
        losses = list(train(model, ["ab", "bb"], vocabulary, optimizer, steps))
        observe(f"rates of {steps}", optimizer.rates, rtol=1e-9)
        observe(f"events of {steps}", " ".join(optimizer.events))
        observe(f"losses of {steps}", losses, rtol=1e-9)


@probe(task="train", concept="language-training")
def test_one_step_at_a_time(observe):
    """A generator: what has been asked for is done, and no more; no step, no loss."""
    vocabulary, model = Vocabulary(["ab"]), table(observe, 3)
    optimizer = Noting(model.parameters(), 1.0)
    steps = train(model, ["ab"], vocabulary, optimizer, 9)
    loss = next(steps)
    observe("a number", isinstance(loss, float))
    observe("after one", " ".join(optimizer.events))
    next(steps)
    observe("after two", " ".join(optimizer.events))
    observe("of no step", len(list(train(model, ["ab"], vocabulary, optimizer, 0))))


@probe(
    task="train",
    concept="language-training",
    needs=["gpt", "adam", "optimizer_zero_grad"],
    points=2,
)
def test_three_steps_of_a_gpt(observe):
    """Three steps of a small model with Adam: losses and all weights."""
    vocabulary = Vocabulary(["abc"])
    model = Gpt(4, width=4, heads=2, context=5, rng=seeded(observe))
    optimizer = Adam(model.parameters(), 0.02, (0.85, 0.99))
    texts = [word(observe, "abc", 4) for _ in range(3)]
    observe("losses", list(train(model, texts, vocabulary, optimizer, 3)), rtol=1e-9)
    observe("weights", numbers(model.parameters()), rtol=1e-9, atol=1e-9)


# ── sample ──────────────────────────────────────────────────────────────────
@probe(task="sample", concept="sampling", points=2)
def test_drawn_texts(observe):
    """Texts at four temperatures, a number each."""
    vocabulary, model, rng = Vocabulary(["abcdef"]), table(observe, 7), seeded(observe)
    for temperature in (0.3, 0.7, 1, 2.5):
        texts = [sample(model, vocabulary, rng, temperature) for _ in range(12)]
        observe(f"at {temperature}", [spelled(text) for text in texts])


@probe(task="sample", concept="sampling")
def test_texts_without_a_temperature(observe):
    """A temperature of 1, no beginning, ten characters at most, unless it is said otherwise."""
    vocabulary, model, rng = Vocabulary(["abcdef"]), table(observe, 7, -1, 1), seeded(observe)
    observe("texts", [spelled(sample(model, vocabulary, rng)) for _ in range(20)])
    endless = Table([[-900.0, *(row.data for row in rows[1:])] for rows in model.rows])
    texts = [sample(endless, vocabulary, rng) for _ in range(4)]
    observe("without an end", [len(text) for text in texts])
    observe("spelled", [spelled(text) for text in texts])


@probe(task="sample", concept="sampling")
def test_cold_texts(observe):
    """At 0 and close to it: the most likely character, of several the first."""
    vocabulary, rng = Vocabulary(["abcdef"]), seeded(observe)
    for i in range(4):
        model = table(observe, 7, -1, 1)
        for temperature in (0, 1e-4):
            text = sample(model, vocabulary, rng, temperature)
            observe(f"{i} at {temperature}", spelled(text))
    ties = Table([[0.0, 2.0, 1.0, 2.0], [0.0, 1.0, 3.0, 3.0], [0.0, -1.0, -1.0, 5.0], [7.0] * 4])
    observe("ties", sample(ties, Vocabulary(["abc"]), rng, 0.0))


@probe(task="sample", concept="sampling")
def test_how_much_is_drawn(observe):
    """One call of the generator per character, none at a temperature of 0."""
    vocabulary, model, rng = Vocabulary(["abcdef"]), table(observe, 7, -1, 1), seeded(observe)
    for temperature in (1.0, 0):
        sample(model, vocabulary, rng, temperature)
        observe(f"next after {temperature}", rng.random())


@probe(task="sample", concept="sampling")
def test_beginnings(observe):
    """What a beginning leads to, and what the model is given; texts as long as they may be."""
    vocabulary, model, rng = Vocabulary(["abcdef"]), table(observe, 7, -1, 1), seeded(observe)
    beginnings = [word(observe, "abcdef", length) for length in (1, 2, 4)]
    texts = [sample(model, vocabulary, rng, 1.0, beginning) for beginning in beginnings]
    observe("texts", [spelled(text) for text in texts])
    observe("kept", [t.startswith(b) for t, b in zip(texts, beginnings, strict=True)])
    model.given.clear()
    sample(model, vocabulary, rng, 0, "fa")
    observe("given first", model.given[0])
    endless = Table([[-900.0, 1.0, 1.5, 0.5]] * 4)
    three = Vocabulary(["abc"])
    for longest in (3, 6):
        text = sample(endless, three, rng, 1.0, "ca", longest)
        observe(f"up to {longest}", spelled(text))
    observe("nothing to add", sample(endless, three, rng, 1.0, "cab", 3))


@probe(task="sample", concept="sampling")
def test_temperatures_refused(observe):
    """Below 0, and only below."""
    vocabulary, rng = Vocabulary(["abc"]), random.Random(0)
    for temperature in (-2.0, -1e-6, 0.0, 1e-3, 50.0):
        with observe.raises(f"temperature {temperature}"):
            sample(table(observe, 4), vocabulary, rng, temperature)


# ── normalize, attention ────────────────────────────────────────────────────
@probe(task="normalize", concept="residuals", points=2)
def test_normalize_drawn(observe):
    """Numbers and gradients for one to five of them."""
    for count in (1, 3, 5):
        x = drawn(observe, count, 0.5, 3.0)
        y = normalize(x)
        observe(f"{count} numbers", numbers(y))
        observe(f"{count} gradients", gradients(y, x), rtol=1e-9, atol=1e-9)


@probe(task="normalize", concept="residuals")
def test_normalize_small(observe):
    """Where numbers are small, the 1e-5 shows; zeros stay zeros."""
    observe("small", numbers(normalize(drawn(observe, 3, -0.004, 0.004))))
    observe("zeros", numbers(normalize([Value(0.0) for _ in range(4)])))


@probe(task="attention", concept="attention", points=2)
def test_attention_of_drawn_numbers(observe):
    """Weights and mix, keys of two, three and four numbers, values of another length."""
    for width, count in ((2, 3), (3, 5), (4, 1)):
        query = drawn(observe, width)
        keys = [drawn(observe, width) for _ in range(count)]
        contents = [drawn(observe, 2) for _ in range(count)]
        observe(f"weights of {count}", numbers(attention_weights(query, keys)), rtol=1e-9)
        mix, weights = attend(query, keys, contents)
        observe(f"mix of {count}", numbers(mix), rtol=1e-9)
        observe(f"weights of {count} again", numbers(weights), rtol=1e-9)


@probe(task="attention", concept="attention")
def test_attention_gradients(observe):
    """The gradients of query, keys and values."""
    query = drawn(observe, 3)
    keys, contents = [drawn(observe, 3) for _ in range(3)], [drawn(observe, 2) for _ in range(3)]
    mix, _ = attend(query, keys, contents)
    inputs = [*query, *(k for key in keys for k in key), *(c for row in contents for c in row)]
    observe("gradients", gradients(mix, inputs), rtol=1e-9)


@probe(task="attention", concept="attention")
def test_attention_far_out(observe):
    """Scores of many hundreds."""
    query, keys = drawn(observe, 2, 30, 40), [drawn(observe, 2, 30, 40) for _ in range(3)]
    observe("weights", numbers(attention_weights(query, keys)), rtol=1e-9)
    mix, _ = attend(query, keys, [drawn(observe, 1) for _ in range(3)])
    observe("mix", numbers(mix), rtol=1e-9)


# ── gpt ─────────────────────────────────────────────────────────────────────
@probe(task="gpt", concept="weights", points=2)
def test_gpt_weights(observe):
    """What is drawn, in which order, on which scale."""
    model = Gpt(3, width=4, heads=2, context=3, rng=seeded(observe))
    observe("weights", numbers(model.parameters()))
    for name, rows in model.weights.items():
        observe(name, [len(rows), len(rows[0])])
    observe("context", model.context)


@probe(task="gpt", concept="attention", points=2)
def test_gpt_logits(observe):
    """Logits for weights that are set."""
    model = Gpt(4, width=6, heads=2, context=5, rng=random.Random(0))
    set_weights(model, observe.rng)
    for ids in ([2], [0, 3, 1], [1, 1, 1, 2, 0]):
        observe(f"{ids}", [numbers(row) for row in model.logits(ids)], rtol=1e-9)


@probe(task="gpt", concept="heads", points=2)
def test_gpt_heads(observe):
    """One head, three heads, and as many as there are numbers."""
    for heads in (1, 3, 6):
        model = Gpt(3, width=6, heads=heads, context=4, rng=random.Random(0))
        set_weights(model, observe.rng)
        maps = []
        rows = model.logits([0, 2, 1], maps)
        observe(f"logits of {heads}", [numbers(row) for row in rows], rtol=1e-9)
        observe(f"maps of {heads}", maps, rtol=1e-9)


@probe(task="gpt", concept="causal-mask", points=2)
def test_gpt_looks_back_only(observe):
    """Later ids change no earlier logits; a position sees itself and all before it."""
    model = Gpt(4, width=4, heads=2, context=6, rng=seeded(observe))
    full = [numbers(row) for row in model.logits([0, 3, 1, 2, 2, 1])]
    observe("all", full, rtol=1e-9)
    for ids in ([0, 3, 1], [0, 3, 1, 0, 0]):
        observe(f"{ids}", [numbers(row) for row in model.logits(ids)], rtol=1e-9)
    changed = [numbers(row) for row in model.logits([0, 3, 1, 0, 3, 3])]
    observe("the same before", changed[:3], rtol=1e-9)


@probe(task="gpt", concept="causal-mask")
def test_gpt_maps(observe):
    """A row per position, a list per head, a weight per position so far."""
    model = Gpt(3, width=4, heads=2, context=5, rng=random.Random(0))
    set_weights(model, observe.rng)
    maps = []
    rows = model.logits([0, 1, 2, 0], maps)
    observe("maps", maps, rtol=1e-9)
    observe("numbers", all(isinstance(w, float) for row in maps for head in row for w in head))
    without = model.logits([0, 1, 2, 0])
    observe("logits", [numbers(row) for row in without], rtol=1e-9)
    observe("logits with maps", [numbers(row) for row in rows], rtol=1e-9)
    model.logits([0], maps)
    observe("appended", len(maps))


@probe(task="gpt", concept="residuals", points=2)
def test_gpt_stream(observe):
    """Parts switched off: without attention, without the layer behind it, without both."""
    for off in (("mix",), ("down",), ("mix", "down")):
        model = Gpt(3, width=4, heads=2, context=3, rng=random.Random(0))
        set_weights(model, observe.rng)
        for name in off:
            for row in model.weights[name]:
                for w in row:
                    w.data = 0.0
        rows = model.logits([1, 2, 1])
        observe(" and ".join(off), [numbers(row) for row in rows], rtol=1e-9)


@probe(task="gpt", concept="residuals")
def test_gpt_gradients(observe):
    """The gradient of every weight."""
    model = Gpt(3, width=4, heads=2, context=4, rng=random.Random(0))
    set_weights(model, observe.rng)
    outputs = [z for row in model.logits([0, 1, 2]) for z in row]
    observe("gradients", gradients(outputs, model.parameters()), rtol=1e-9, atol=1e-9)


@probe(task="gpt", concept="heads")
def test_gpt_by_default(observe):
    """12 numbers, two heads, a context of 10; a generator of its own."""
    rng = seeded(observe)
    model = Gpt(5, rng=rng)
    observe("weights", sum(numbers(model.parameters())))
    observe("next number", rng.random())
    rows = model.logits([0, 1, 2, 3, 4, 3, 2, 1, 0, 1])
    observe("logits", numbers(rows[9]), rtol=1e-9)
    observe("alike", Gpt(3).weights["up"][0][0].data == Gpt(3).weights["up"][0][0].data)


@probe(task="gpt", concept="heads")
def test_gpt_refuses(observe):
    """More ids than the context, widths that heads can't share; nothing else."""
    model = Gpt(3, width=2, heads=1, context=3, rng=random.Random(0))
    for count in (1, 3, 4, 9):
        with observe.raises(f"{count} ids"):
            model.logits([1] * count)
    for width, heads in ((4, 3), (3, 2), (2, 4), (4, 4), (6, 3)):
        with observe.raises(f"width {width}, {heads} heads"):
            Gpt(2, width=width, heads=heads, context=2, rng=random.Random(0))
