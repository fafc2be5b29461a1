"""The data sets that are given to students."""

import re

import pytest

from minigrad import data


@pytest.mark.parametrize("make", [data.moons, data.tense_identity])
def test_a_seed_gives_the_same_data(make):
    assert make(seed=3) == make(seed=3) != make(seed=4)


def test_xor_and_four_samples():
    xs, ys = data.xor()
    assert all((x[0] != x[1]) == (y > 0) for x, y in zip(xs, ys, strict=True))
    xs, ys = data.four_samples()
    assert (xs[0], ys) == ([2.0, 3.0, -1.0], [1.0, -1.0, -1.0, 1.0])


@pytest.mark.parametrize(
    ("make", "counts", "longest"), [(data.names, (900, 100), 9), (data.elements, (106, 12), 13)]
)
def test_texts_of_a_language_model(make, counts, longest):
    training, held_out = make()
    assert (len(training), len(held_out)) == counts
    assert len({*training, *held_out}) == sum(counts)
    assert all(re.fullmatch(rf"[a-z]{{3,{longest}}}", text) for text in training + held_out)
    assert make() == make(seed=0) != make(seed=1)
    others, further = make(seed=1)
    assert sorted(training + held_out) == sorted(others + further)


def test_names_have_every_letter_in_training():
    assert len(set("".join(data.names()[0]))) == 26


@pytest.mark.parametrize("n", [2, 3, 100, 101])
def test_moons_have_two_kinds_of_points(n):
    xs, ys = data.moons(n, noise=0.0)
    assert len(xs) == len(ys) == n
    assert ys.count(1.0) == n // 2
    for (x, y), target in zip(xs, ys, strict=True):
        center = (0.0, 0.0) if target > 0 else (1.0, 0.5)
        assert (x - center[0]) ** 2 + (y - center[1]) ** 2 == pytest.approx(1)


def test_tenses_are_recognizable():
    xs, ys = data.tense_identity(100, noise=0.05)
    assert [x.index(max(x)) for x in xs] == ys
    assert {ys.count(k) for k in range(5)} == {20}


def test_split_and_batches_use_every_sample_once():
    xs, ys = data.moons(50)
    train_x, train_y, test_x, test_y = data.split(xs, ys, 0.8, seed=1)
    assert (len(train_x), len(test_x)) == (40, 10)
    assert sorted(train_x + test_x) == sorted(xs)
    pairs = dict(zip(map(tuple, xs), ys, strict=True))
    assert all(pairs[tuple(x)] == y for x, y in zip(test_x, test_y, strict=True))
    got = list(data.batches(train_x, train_y, 12))
    assert [len(x) for x, _ in got] == [12, 12, 12, 4]
    assert sorted(x for batch, _ in got for x in batch) == sorted(train_x)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: data.moons(1), "n is 1"),
        (lambda: data.moons(10, noise=-1), "noise"),
        (lambda: data.tense_identity(0), "n is 0"),
        (lambda: data.split([[1.0]], []), "1 inputs but 0 targets"),
        (lambda: data.split([[1.0]], [1.0], share=2), "share"),
        (lambda: data.batches([[1.0]], [1.0], 0), "size"),
    ],
)
def test_bad_arguments_are_named(call, word):
    with pytest.raises(ValueError, match=word):
        call()
