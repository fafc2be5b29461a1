"""Visible probes of phase 12. They observe; the judge compares with the reference."""

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


def numbers(values):
    return [v.data for v in values]


def values(*rows):
    """Values of lists of numbers."""
    return [[Value(x) for x in row] for row in rows]


class Table:
    """A model given to you: after each id the logits of its row."""

    def __init__(self, rows):
        self.rows = values(*rows)

    def logits(self, ids):
        return [self.rows[i] for i in ids]

    def parameters(self):
        return [w for row in self.rows for w in row]


ROWS = [[-2.0, 1.0, 0.5], [0.5, -1.0, 1.5], [1.0, 0.25, -0.5]]  # of a boundary, a and b


@probe(task="vocabulary", concept="characters")
def test_vocabulary_of_two_words(observe):
    """Characters, their ids, and the way back."""
    vocabulary = Vocabulary(["dad", "cab"])
    observe("characters", vocabulary.characters)
    observe("length", len(vocabulary))
    observe("ids of dab", vocabulary.encode("dab"))
    observe("ids of nothing", vocabulary.encode(""))
    observe("ids are a list", isinstance(vocabulary.encode("dab"), list))
    observe("text", vocabulary.decode([0, 3, 1, 0, 2, 0]))
    with observe.raises("a character that it has not", mentions="x"):
        vocabulary.encode("axb")


@probe(task="count_pairs", concept="counting-pairs")
def test_pairs_of_three_texts(observe):
    """Which id follows which, boundaries and repeated letters included."""
    vocabulary = Vocabulary(["ab", "abb", "ba", "c"])
    observe("counts", count_pairs(["ab", "abb", "ba"], vocabulary))
    observe("of no text", count_pairs([], Vocabulary(["a"])))


@probe(task="pair_probabilities", concept="counting-pairs")
def test_probabilities_of_pairs(observe):
    """With a smoothing of 1, of 0.5, of 0; the counts stay."""
    counts = [[0, 3], [2, 6]]
    observe("by default", pair_probabilities(counts))
    observe("smoothing 0.5", pair_probabilities(counts, 0.5))
    observe("smoothing 0", pair_probabilities(counts, 0.0))
    observe("the counts", counts)


@probe(task="lm_linear", concept="weights")
def test_matrix_and_linear(observe):
    """Drawn weights, and three dot products."""
    rows = matrix(3, 2, 0.5, random.Random(1))
    observe("weights", [numbers(row) for row in rows])
    x = [Value(2.0), Value(-1.0)]
    y = linear(rows, x)
    observe("products", numbers(y))
    y[1].backward()
    observe("gradients of x", [v.grad for v in x])
    with observe.raises("three numbers for rows of two"):
        linear(rows, [Value(1.0)] * 3)


@probe(task="lm_softmax", concept="softmax")
def test_softmax_of_three(observe):
    """Three logits, the same ones shifted, and logits of a thousand."""
    observe("three", numbers(softmax([Value(z) for z in (0.5, -1.5, 1.0)])))
    observe("shifted", numbers(softmax([Value(z) for z in (7.5, 5.5, 8.0)])))
    observe("far out", numbers(softmax([Value(z) for z in (1000.0, 999.0, -1000.0)])))
    observe("far below", numbers(softmax([Value(z) for z in (-1000.0, -1001.0)])))
    z = [Value(x) for x in (0.5, -1.5, 1.0)]
    softmax(z)[0].backward()
    observe("gradients of the first", [v.grad for v in z])


@probe(task="surprise", concept="surprise")
def test_surprise_at_three(observe):
    """The loss and its gradients; targets that are not ids."""
    z = [Value(x) for x in (0.5, -1.5, 1.0)]
    loss = surprise(z, 1)
    (loss * 2).backward()
    observe("surprise", loss.data)
    observe("gradients of twice the surprise", [v.grad for v in z])
    observe("at the first", surprise(z, 0).data)
    observe("far out", surprise([Value(x) for x in (1000.0, -1000.0)], 1).data)
    observe("far below", surprise([Value(x) for x in (-1000.0, -1001.0)], 0).data)
    for target in (3, -1):
        with observe.raises(f"target {target} of three"):
            surprise(z, target)


@probe(task="bigram", concept="weights")
def test_bigram_of_three(observe):
    """The weights, and a row of logits for each id."""
    model = Bigram(3, random.Random(2))
    observe("parameters", numbers(model.parameters()))
    rows = model.logits([0, 2, 2])
    observe("logits", [numbers(row) for row in rows])
    (rows[0][1] + rows[1][0] + rows[2][0] * 3).backward()
    observe("gradients", [p.grad for p in model.parameters()])


@probe(task="window", concept="embedding")
def test_window_of_two(observe):
    """The weights in their order, and logits from the last two ids."""
    model = Window(3, 2, 2, 4, random.Random(3))
    observe("names", " ".join(model.weights))
    observe("parameters", numbers(model.parameters()))
    observe("logits", [numbers(row) for row in model.logits([0, 1, 2, 1])], rtol=1e-9)


@probe(task="text_loss", concept="surprise")
def test_loss_of_a_text(observe):
    """A model that knows nothing, and one that has a table."""
    observe("ln 4", text_loss(Table([[0.5] * 4] * 4), [0, 1, 3, 2, 0]).data)
    model = Table(ROWS)
    loss = text_loss(model, [0, 1, 2, 0])
    loss.backward()
    observe("loss", loss.data)
    observe("gradients", [p.grad for p in model.parameters()])


@probe(task="train", concept="language-training")
def test_four_steps(observe):
    """Losses, rates and weights of four steps on two texts; old gradients are cleared."""
    model, vocabulary = Table(ROWS), Vocabulary(["ab", "b"])
    optimizer = SGD(model.parameters(), 0.5)
    for p in model.parameters():
        p.grad = 20.0
    for step, loss in enumerate(train(model, ["ab", "b"], vocabulary, optimizer, 4)):
        observe(f"loss {step}", loss, rtol=1e-9)
        observe(f"rate {step}", optimizer.lr)
        observe(f"weights after step {step}", numbers(model.parameters()), rtol=1e-9)
    observe("steps", step + 1)


@probe(task="sample", concept="sampling")
def test_texts_of_a_table(observe):
    """Texts drawn at temperatures of 1 and 0.5; the most likely one; a beginning."""
    model, vocabulary = Table(ROWS), Vocabulary(["ab"])
    rng = random.Random(4)
    observe("drawn", [sample(model, vocabulary, rng) for _ in range(6)])
    observe("at 0.5", [sample(model, vocabulary, rng, 0.5) for _ in range(6)])
    observe("at 0", sample(model, vocabulary, rng, 0))
    observe("with a beginning", sample(model, vocabulary, rng, 0, "b"))
    observe("three characters", sample(Table([[0.0, 1.0, 2.0]] * 3), vocabulary, rng, 0.01, "a", 3))
    observe("the next number", rng.random())
    with observe.raises("a temperature of -1"):
        sample(model, vocabulary, rng, -1.0)


@probe(task="normalize", concept="residuals")
def test_normalize_two(observe):
    """Two numbers, two small ones, and zeros."""
    x = [Value(3.0), Value(-4.0)]
    y = normalize(x)
    observe("normalized", numbers(y))
    (y[0] * 2 + y[1]).backward()
    observe("gradients", [v.grad for v in x], rtol=1e-9)
    observe("small", numbers(normalize([Value(0.001), Value(0.002)])))
    observe("zeros", numbers(normalize([Value(0.0), Value(0.0)])))


@probe(task="attention", concept="attention")
def test_attention_to_three(observe):
    """The weights of three keys, and what a query takes from three values."""
    query = [Value(1.0), Value(-0.5), Value(2.0), Value(0.0)]
    keys = values((1.0, 0.0, 0.5, 2.0), (-1.0, 1.0, 0.0, 1.0), (0.5, 0.5, 1.0, -1.0))
    observe("weights", numbers(attention_weights(query, keys)))
    mix, weights = attend(query, keys, values((1.0, 10.0), (2.0, 20.0), (3.0, -30.0)))
    observe("mix", numbers(mix), rtol=1e-9)
    observe("weights again", numbers(weights))


@probe(task="gpt", concept="heads")
def test_gpt_of_its_own_size(observe):
    """How many weights there are, their names, and what is refused."""
    model = Gpt(27, rng=random.Random(5))
    observe("weights", len(model.parameters()))
    observe("names", " ".join(model.weights))
    shapes = [[len(rows), len(rows[0])] for rows in model.weights.values()]
    observe("shapes", shapes)
    observe("first weights", [rows[0][0].data for rows in model.weights.values()])
    observe("heads", model.heads)
    with observe.raises("more ids than the context"):
        model.logits([0] * 11)
    with observe.raises("a width of 6 for 4 heads"):
        Gpt(3, width=6, heads=4)


@probe(task="gpt", concept="attention", points=2)
def test_gpt_of_three_ids(observe):
    """Logits of a small model, a map of its attention, and logits that no later id changes."""
    model, maps = Gpt(3, width=4, heads=2, context=4, rng=random.Random(6)), []
    rows = model.logits([0, 1, 2, 1], maps)
    observe("logits", [numbers(row) for row in rows], rtol=1e-9)
    observe("maps", maps, rtol=1e-9)
    observe("with another end", [numbers(row) for row in model.logits([0, 1, 0])], rtol=1e-9)
    observe("ids that repeat", [numbers(row) for row in model.logits([1, 1])], rtol=1e-9)


@probe(task="train", concept="language-training", needs=["gpt", "adam", "optimizer_zero_grad"])
def test_gpt_trains(observe):
    """Two steps of a small model with Adam."""
    vocabulary = Vocabulary(["ab"])
    model = Gpt(3, width=4, heads=2, context=4, rng=random.Random(7))
    optimizer = Adam(model.parameters(), 0.02, (0.85, 0.99))
    losses = list(train(model, ["ab", "bab"], vocabulary, optimizer, 2))
    observe("losses", losses, rtol=1e-9)
    observe("weights", [rows[0][0].data for rows in model.weights.values()], rtol=1e-9)
