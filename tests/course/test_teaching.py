"""The teacher's guide: times, questions and mistakes are those of the course."""

import json
import re
import tomllib

import pytest

from course.manifest import load_course
from course.source.notebooks import source_path

COURSE = load_course()
CHAPTERS = [phase.id for phase in COURSE.chapters]
GUIDE = COURSE.root / "lab" / "teaching"


def sections(name):
    """The parts of a page by their heading."""
    text = (GUIDE / name).read_text(encoding="utf-8")
    return dict(part.split("\n", 1) for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:])


def part_of(name, phase):
    (part,) = [text for title, text in sections(name).items() if title.startswith(f"{phase} ")]
    return part


def rows(text):
    """The cells of a table's lines, without its head."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return lines[1:]


@pytest.mark.parametrize("phase", CHAPTERS)
def test_the_plans_say_the_times_that_the_labs_say(course, phase):
    (row,) = [row for row in rows(sections("plans.md")["What a phase takes"]) if row[0] == phase]
    for place, name in ((1, phase), (3, f"{phase}p")):
        lab = (course.root / course.phase(name).lab).read_text(encoding="utf-8")
        time = re.search(r"\*\*Time\.\*\* About ((?:(?!\.| for ).)+)", lab)[1].lower()
        assert row[place].partition(",")[0].strip() == time, name


@pytest.mark.parametrize(("plan", "weeks"), [("Ten weeks", 10), ("Four weeks", 4)])
def test_a_plan_has_its_weeks_and_leads_to_a_net_that_trains(plan, weeks):
    table = rows(sections("plans.md")[plan])
    assert [row[0] for row in table] == [str(n + 1) for n in range(weeks)]
    phases = [phase for row in table for phase in re.findall(r"\b\d\d\b", row[1])]
    assert phases == sorted(phases) and phases[:8] == CHAPTERS[:8]


@pytest.mark.parametrize("phase", CHAPTERS)
def test_a_lab_has_mistakes_each_with_what_to_say(phase):
    mistakes = rows(part_of("labs.md", phase))
    assert len(mistakes) >= 5
    for symptom, belief, saying in mistakes:
        assert symptom and belief and len(saying.split()) >= 4


@pytest.mark.parametrize("phase", CHAPTERS)
def test_a_rubric_quotes_the_question_and_has_three_samples_with_reasons(course, phase):
    part = part_of("rubrics.md", phase)
    quoted = part.replace("\n> ", " ").strip().partition("\n")[0].removeprefix("> ")
    cells = json.loads(source_path(course, course.phase(phase)).read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    assert [quoted] == [source for source in sources if "**Explain**" in source]
    assert "Looked for: " in part
    samples = re.split(r"^- \*\*", part, flags=re.MULTILINE)[1:]
    assert [sample.partition(".**")[0] for sample in samples] == ["Full", "Half", "None"]
    for sample in samples:
        assert re.search(r'"[^"]+" \*Why: [^*]{5}', " ".join(sample.split())), sample


def test_the_questions_and_beliefs_that_are_named_are_there(course):
    plans = " ".join((GUIDE / "plans.md").read_text(encoding="utf-8").split())
    quizzes = [course.root / f"lab/quiz/{course.phase(p).slug}.toml" for p in ("04", "08")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in quizzes)
    named = re.findall(r"`(0[48]-\w+)`", plans)
    assert len(named) >= 3 and all(f'id = "{name}"' in written for name in named)
    (belief,) = re.findall(r'as `misconception`, such as "([^"]+)"', plans)
    mutants = tomllib.loads((course.root / course.phase("04").mutants).read_text("utf-8"))
    assert belief in {mutant["misconception"] for mutant in mutants["mutant"]}
