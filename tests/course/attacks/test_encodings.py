"""A copy of what is secret is found in every everyday encoding; what is given out is not."""

import pytest

from course.author.leaks import find_leaks, secrets_of
from course.source.stubs import marked

from .encodings import ENCODINGS

SCALAR = "solutions/src/minigrad/scalar.py"


@pytest.fixture(scope="module")
def secrets(course):
    return secrets_of(course)


@pytest.fixture(scope="module")
def texts(course):
    """A task's solution and a hidden probe."""
    scalar = (course.root / SCALAR).read_text(encoding="utf-8")
    rows = scalar.splitlines()
    marks = [m for m in marked(scalar, "scalar.py") if m.task in ("mul", "backward")]
    solution = "\n".join("\n".join(rows[m.start : m.end]) for m in marks)
    hidden = (course.root / course.phase("04").hidden).read_text(encoding="utf-8")
    _, _, probe = hidden.partition("def test_")
    return {"solution": solution, "probe": "def test_" + probe[:1200]}


@pytest.mark.parametrize("kind", ["solution", "probe"])
@pytest.mark.parametrize("name", ENCODINGS)
def test_a_copy_is_seen(secrets, texts, name, kind):
    leaks = find_leaks({"lab/x.dat": ENCODINGS[name](texts[kind])}, secrets)
    wanted = "a hidden probe of phase 04" if kind == "probe" else "a solution of phase"
    assert any(leak.what.startswith(wanted) for leak in leaks)


@pytest.mark.parametrize("name", ENCODINGS)
def test_what_is_given_out_is_no_leak(course, secrets, name):
    given = (course.root / course.phase("04").visible).read_text(encoding="utf-8")
    assert find_leaks({"lab/x.dat": ENCODINGS[name](given)}, secrets) == []


def test_two_secrets_grown_together_in_a_word_are_none(secrets):
    (secret,) = [line for line in secrets.lines if line.startswith("nodes=topological_order")][:1]
    assert find_leaks({"a.md": secret.encode()}, secrets)
    assert find_leaks({"a.md": f"my{secret}".encode()}, secrets) == []
