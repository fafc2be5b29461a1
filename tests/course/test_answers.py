"""The answer keys: every question has its answer, and every number comes out."""

import doctest
import json
import re

import pytest

from course.implementation import LIBRARY, installed, read_library, reference
from course.manifest import load_course
from course.source.notebooks import source_path
from course.source.stubs import cut

PHASES = [phase.id for phase in load_course().phases]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
NUMBERED = re.compile(r"^(\d+)\. ", re.MULTILINE)


def page(course, phase):
    return (course.root / course.phase(phase).answers).read_text(encoding="utf-8")


def section(text, heading):
    """What stands under a heading of the second level."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def answers(text):
    """Title to answer, of the headings of the third level."""
    parts = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    return dict(part.split("\n", 1) for part in parts)


def unanswered(lab, key):
    """The numbers of the by-hand questions of a lab that a page with answers leaves out."""
    given = answers(section(key, "By hand first"))
    written = {title.partition(".")[0] for title, words in given.items() if len(words.split()) > 12}
    return [
        number
        for number in NUMBERED.findall(section(lab, "By hand first"))
        if number not in written
    ]


def solved(course, phase):
    """The package as somebody has it who has solved this phase and no later one."""
    files = read_library(course.root / "solutions" / LIBRARY)
    return reference(course.root).with_files(
        phase, {name: cut(text, phase, name) for name, text in files.items()}
    )


def examples(course, phase):
    blocks = "\n".join(BLOCK.findall(page(course, phase)))
    return doctest.DocTestParser().get_doctest(blocks, {}, course.phase(phase).answers, None, 0)


@pytest.mark.parametrize("phase", PHASES)
def test_every_question_by_hand_is_answered(course, phase):
    lab = (course.root / course.phase(phase).lab).read_text(encoding="utf-8")
    assert len(NUMBERED.findall(section(lab, "By hand first"))) >= 3
    assert unanswered(lab, page(course, phase)) == []


def test_a_question_without_an_answer_is_noticed(course):
    key = page(course, "04")
    lab = (course.root / course.phase("04").lab).read_text(encoding="utf-8")
    assert unanswered(lab, key.replace("### 2. ", "### Two ")) == ["2"]
    assert unanswered(lab.replace("\n## To do", "\n4. Why?\n\n## To do"), key) == ["4"]


@pytest.mark.parametrize("phase", PHASES)
def test_every_question_in_words_is_answered(course, phase):
    told = course.phase(phase)
    asked = 0
    if not told.is_problem_set:
        cells = json.loads(source_path(course, told).read_text(encoding="utf-8"))["cells"]
        asked = sum("**Explain**" in "".join(cell["source"]) for cell in cells)
        assert asked
    given = answers(section(page(course, phase), "In words"))
    assert len(given) == asked
    assert all(len(words.split()) >= 60 for words in given.values())


@pytest.mark.parametrize("phase", PHASES)
def test_every_block_gives_what_it_says(course, phase):
    """On a solution of this phase, which a learner has then, and with nothing of a later one."""
    told = examples(course, phase)
    with installed(solved(course, phase)):
        result = doctest.DocTestRunner(verbose=False).run(told)
    assert result.attempted >= 2 and result.failed == 0


@pytest.mark.parametrize("phase", PHASES)
def test_any_wrong_number_would_be_noticed(course, phase):
    told = examples(course, phase)
    shown = [example for example in told.examples if example.want]
    for example in shown:
        example.want = f"1{example.want}"
    with installed(solved(course, phase)):
        result = doctest.DocTestRunner().run(told, out=lambda words: None)
    assert result.failed == len(shown) >= 1


def test_the_planted_bugs_are_all_in_the_table_and_asked_of_the_engines(course):
    key = section(page(course, "06p"), "The planted bugs")
    lab = (course.root / "lab/06-bugs.md").read_text(encoding="utf-8")
    asked = re.findall(r"^\| (engine_\d) \|", lab, re.MULTILINE)
    assert re.findall(r"^\| (engine_\d) \|", key, re.MULTILINE) == asked and len(asked) == 9
    rows = {
        row[0]: row
        for row in (r.strip("| ").split(" | ") for r in key.splitlines() if r[:1] == "|")
    }
    with installed(reference(course.root)):
        from minigrad.broken import ENGINES
        from minigrad.problems_06 import diagnose, wrong_values

        for name in asked:
            first = next(iter([*diagnose(ENGINES[name]), *wrong_values(ENGINES[name])]), "none")
            assert rows[name][1] == first
    number = len(NUMBERED.findall(section(lab, "Afterwards")))
    assert re.findall(r"^\*\*(\d)\. ", key, re.MULTILINE) == [str(n + 1) for n in range(number)]
