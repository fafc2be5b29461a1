"""One term, one word: pages for readers use the glossary's terms and not their rivals."""

import re
import tomllib

import pytest

FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
NOT_WORDS = re.compile(
    # code, formulas, addresses, quotations, and words in italics, but not a caption
    r"\$\$.*?\$\$|`[^`\n]*`|\$[^$\n]*\$|\]\([^)]*\)|“[^”]*”|<code>[^<\n]*</code>|<[^>\n]*>"
    r"|(?!^\*[^*\n]+\*$)(?<!\*)\*[^*\n]+\*(?!\*)",
    re.DOTALL | re.MULTILINE,
)
PAGES = ("README.md", "BLUEPRINT.md", "CONTRIBUTING.md", "course.toml", "theory", "lab")


def readable(text):
    """A page's own words, line for line; what is not prose is blanked out."""
    for pattern in (FENCE, NOT_WORDS):
        text = pattern.sub(lambda found: "\n" * found[0].count("\n"), text)
    return text


def rivals_in(text, terms):
    """Each word of a page that a term of the glossary stands for: (line, word, term)."""
    words = readable(text)
    for term, rivals in terms.items():
        for found in re.finditer(rf"\b({'|'.join(map(re.escape, rivals))})s?\b", words, re.I):
            yield words.count("\n", 0, found.start()) + 1, found[0], term


@pytest.fixture(scope="module")
def terms(course):
    return tomllib.loads((course.root / "theory/terms.toml").read_text(encoding="utf-8"))


def test_no_page_uses_another_word_for_a_term(course, terms):
    found = []
    for name in PAGES:
        place = course.root / name
        files = [place] if place.is_file() else [*place.rglob("*.md"), *place.rglob("*.toml")]
        for path in sorted(files):
            if path.name == "terms.toml":
                continue
            text = path.read_text(encoding="utf-8")
            found += [
                f"{path.relative_to(course.root)}:{line}: {word!r}; the term is {term!r}"
                for line, word, term in rivals_in(text, terms)
            ]
    assert not found, "\n".join(found)


def test_every_term_is_in_the_glossary_and_no_rival_is(course, terms):
    text = (course.root / "theory/glossary.md").read_text(encoding="utf-8")
    glossary = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert terms.keys() <= glossary, terms.keys() - glossary
    rivals = {rival for listed in terms.values() for rival in listed}
    assert not rivals & glossary


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Its children wait.", 1),
        ("The loss functions\nand an Optimiser.", 2),
        ("Books say *back-propagation*, or `children`, or “tape”.", 0),
        ("```python\nchild = 1\n```\n", 0),
        ("<details><summary>Which child is `child` or <code>child</code>?</summary>", 1),
        ("*A caption shows the children.*", 1),
        ("Grandchildren play; a tapestry hangs.", 0),
    ],
)
def test_the_check_finds_words_and_only_words(text, count, terms):
    assert len(list(rivals_in(text, terms))) == count
