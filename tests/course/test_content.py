"""The course's texts: every number and block is run, every link and promise holds."""

import doctest
import re

import pytest
from phases import PHASES, PROBLEM_SETS, slow_where
from trees import SKIPPED

from course.author.generate import FIGURE_FOLDER
from course.author.slides import decks
from course.implementation import installed, reference, working_copy
from course.judge import judge
from course.learn.hints import LAYERS, read_hints
from course.run import compile_probes, record_all, record_reference
from course.source.mutants import read_mutants

ROOMS = ("theory", "lab", "lab/teaching", "solutions/answers")
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
FIGURE = re.compile(r"^!\[[^\]]+\]\((\S+)\)$", re.MULTILINE)
QUESTION = re.compile(
    r"^<details><summary>(.+)</summary>\n\n((?:.*\n)+?)\n</details>$", re.MULTILINE
)


def pages(course):
    return sorted(p for room in ROOMS for p in course.root.glob(f"{room}/*.md"))


def slug(heading):
    words = re.sub(r"[^\w\s-]", "", heading.strip().lower())
    return re.sub(r"\s+", "-", words)


def anchors(path):
    text = path.read_text(encoding="utf-8")
    return {slug(line.lstrip("#")) for line in text.splitlines() if re.match(r"#+ ", line)}


def theory(course, phase):
    return course.root / course.phase(phase).theory


@pytest.mark.parametrize("phase", PHASES)
def test_a_deck_has_slides_with_notes_and_blocks_that_give_what_they_say(course, phase):
    path = decks(course)[course.phase(phase).slug]
    text = path.read_text(encoding="utf-8")
    parts = re.split(r"^#{1,2} ", text, flags=re.MULTILINE)[1:]
    assert 15 <= len(parts) <= 25
    for part in parts:
        title = part.partition("\n")[0]
        _, fence, notes = part.partition("```{revealjs-notes}")
        assert fence and len(notes.split()) >= 12, title
        for name in FIGURE.findall(part):
            assert (path.parent / name).is_file(), f"{path.name}: {name}"
    with installed(reference(course.root)):
        blocks = "\n".join(BLOCK.findall(text))
        examples = doctest.DocTestParser().get_doctest(blocks, {}, path.name, str(path), 0)
        assert len(examples.examples) > 5
        assert doctest.DocTestRunner(verbose=False).run(examples).failed == 0


@pytest.mark.parametrize(
    "phase", slow_where(PHASES, "08", "11", "12")
)  # training, measuring, a language model
def test_every_block_of_the_theory_gives_what_it_says(course, phase):
    path = theory(course, phase)
    text = "\n".join(BLOCK.findall(path.read_text(encoding="utf-8")))
    with installed(reference(course.root)):
        examples = doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), 0)
        assert len(examples.examples) > 8
        result = doctest.DocTestRunner(verbose=False).run(examples)
    assert result.failed == 0


def test_a_wrong_number_in_a_page_would_be_noticed(course):
    text = "\n".join(BLOCK.findall(theory(course, "04").read_text(encoding="utf-8")))
    planted = text.replace("[31.0, 14.0, 7.0, 10.0]", "[31.0, 14.0, 7.0, 11.0]")
    assert planted != text
    with installed(reference(course.root)):
        examples = doctest.DocTestParser().get_doctest(planted, {}, "planted", None, 0)
        assert doctest.DocTestRunner().run(examples, out=lambda words: None).failed == 1


@pytest.mark.parametrize(
    "phase",
    [pytest.param(p, marks=[pytest.mark.slow] * (p == "11p")) for p in (*PHASES, *PROBLEM_SETS)],
)
def test_what_a_page_shows_is_no_submission(course, phase):
    """The code of theory, lab and hints 1 to 3, put behind the stubs, earns nothing."""
    told = course.phase(phase)
    texts = [course.root / told.lab]
    texts += [] if told.is_problem_set else [theory(course, phase)]
    texts += [path for slug, path in decks(course).items() if slug == told.slug]
    blocks = [b for p in texts for b in BLOCK.findall(p.read_text(encoding="utf-8"))]
    hints = read_hints(course, told)
    blocks += [layers[layer] for layers in hints.values() for layer in LAYERS[:3]]
    lines = []
    for block in blocks:
        for line in block.splitlines():
            lines.append(re.sub(r"^(>>>|\.\.\.) ?", "", line))
    code = "\n".join(lines)
    stubs = working_copy(course.root)
    for name in told.files:
        base = name.rpartition("/")[2]
        for piece in re.split(r"\n(?=def |class )", code):
            try:
                compile(piece, "piece", "exec")
            except SyntaxError:
                continue
            if piece.startswith(("def ", "class ")):
                stubs = stubs.with_files("page", {base: f"{stubs.source(base)}\n\n{piece}\n"})
    files = [compile_probes(course.root / p, told.id) for p in (told.visible, told.hidden)]
    with installed(reference(course.root)):
        expected = record_reference(files)
    with installed(stubs):
        seen = record_all(files, cpu_seconds=None)
    passed = [k for k, wanted in expected.items() if k in seen and judge(wanted, seen[k]).passed]
    assert passed == []


def test_every_concept_has_its_section(course):
    for concept in course.concepts.values():
        page, _, anchor = concept.theory.partition("#")
        assert anchor in anchors(course.root / page), concept.theory


def test_every_link_resolves(course):
    names = ("README.md", "BLUEPRINT.md", "CONTRIBUTING.md")
    for path in [*pages(course), *(course.root / name for name in names)]:
        for link in LINK.findall(path.read_text(encoding="utf-8")):
            if "://" in link:
                continue
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.exists(), f"{path.name}: {link}"
            assert not anchor or anchor in anchors(target), f"{path.name}: {link}"


def glossary(course):
    """Term to definition."""
    text = (course.root / "theory/glossary.md").read_text(encoding="utf-8")
    entries = re.findall(r"^### (.+)\n\n((?:.+\n)+)", text, re.MULTILINE)
    assert len(entries) == text.count("\n### ") > 100
    assert len({term.casefold() for term, _ in entries}) == len(entries)
    return {term: " ".join(words.split()) for term, words in entries}


def test_the_glossary_is_in_order_and_says_of_each_term_what_it_is_and_where_it_stands(course):
    found = glossary(course)
    assert list(found) == sorted(found, key=str.casefold)
    text = (course.root / "theory/glossary.md").read_text(encoding="utf-8")
    for letter, terms in re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", text, re.MULTILINE):
        initials = {term[0].upper() for term in re.findall(r"^### (.+)$", terms, re.MULTILINE)}
        assert initials == {letter}
    for term, words in found.items():
        definition, _, link = words.rpartition(" See ")
        assert LINK.fullmatch(link.removesuffix(".")), term
        sentences = re.findall(r"[.)](?= |$)", definition)
        assert 5 <= len(definition.split()) <= 45 and 1 <= len(sentences) <= 4, term


def test_the_glossary_leads_to_every_section_that_teaches_a_concept(course):
    definitions = "\n".join(glossary(course).values())
    links = {f"theory/{link}" for link in LINK.findall(definitions)}
    assert {concept.theory for concept in course.concepts.values()} <= links


def test_interview_questions_cover_all_phases_and_have_answers(course):
    text = (course.root / "theory/interview.md").read_text(encoding="utf-8")
    questions = QUESTION.findall(text)
    assert len(questions) == text.count("<details>") >= 25
    assert len({question for question, _ in questions}) == len(questions)
    assert all(question[-1] in "?." and len(answer.split()) >= 20 for question, answer in questions)
    assert {link.partition("#")[0] for link in LINK.findall(text)} >= {
        course.phase(phase).theory.rpartition("/")[2] for phase in PHASES
    }


def test_the_debugging_page_says_for_each_symptom_what_to_try_and_where_to_read(course):
    text = (course.root / "theory/debugging.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    symptoms = [row for row in rows if row[0] != "| what you see"]
    assert len(symptoms) >= 30
    assert len({row[0] for row in symptoms}) == len(symptoms)
    for row in symptoms:
        assert len(row) == 3 and len(row[1].split()) >= 4, row
        assert LINK.fullmatch(row[2].removesuffix(" |")), row


def test_every_figure_is_drawn_and_every_drawing_shown(course):
    shown = set()
    for path in course.root.glob("theory/*.md"):
        for name in FIGURE.findall(path.read_text(encoding="utf-8")):
            assert (path.parent / name).is_file(), f"{path.name}: {name}"
            shown.add(name.rpartition("/")[2])
    drawn = {path.name for path in (course.root / FIGURE_FOLDER).glob("*.svg")}
    assert drawn == shown


@pytest.mark.parametrize("phase", PHASES)
def test_a_lab_names_each_task_once_and_only_those(course, phase):
    told = course.phase(phase)
    text = (course.root / told.lab).read_text(encoding="utf-8")
    todo = text.partition("## To do")[2].partition("\n## ")[0]
    assert re.findall(r"^\d+\. `(\w+)`", todo, re.MULTILINE) == [task.id for task in told.tasks]
    assert told.student_tests in text and f"minigrad submit {int(phase)}" in text


def test_a_problem_set_has_six_problems_each_with_its_probes_and_a_known_mistake(course):
    sets = [phase for phase in course.phases if phase.is_problem_set]
    assert sets
    for phase in sets:
        text = (course.root / phase.lab).read_text(encoding="utf-8")
        todo = text.partition("## To do")[2].partition("\n## ")[0]
        tasks = [task.id for task in phase.tasks]
        assert len(tasks) >= 6
        assert re.findall(r"^\d+\. `(\w+)`", todo, re.MULTILINE) == tasks
        assert f"minigrad test {phase.id.lstrip('0')}" in text
        with installed(reference(course.root)):
            for path in (phase.visible, phase.hidden):
                probes = compile_probes(course.root / path, phase.id).probes()
                assert {probe.info.task for probe in probes} == set(tasks), path
        assert {mutant.task for mutant in read_mutants(course, phase)} == set(tasks)


@pytest.mark.parametrize("phase", [*PHASES, *PROBLEM_SETS])
def test_hints_have_four_layers_per_task(course, phase):
    told = course.phase(phase)
    hints = read_hints(course, told)
    assert list(hints) == [task.id for task in told.tasks]
    for layers in hints.values():
        assert all(text.strip() for text in layers.values())


def test_hints_come_one_at_a_time_and_are_remembered(course, tmp_path, monkeypatch, capsys):
    import shutil

    from course.cli import main

    shutil.copytree(course.root, tmp_path / "copy", ignore=SKIPPED)
    monkeypatch.chdir(tmp_path / "copy")
    layers = read_hints(course, course.phase("04"))["backward"]
    for shown in (1, 2, 3, 4, 4):
        assert main(["hint", "4", "backward"]) == 0
        out = " ".join(capsys.readouterr().out.split())
        for i, layer in enumerate(LAYERS, 1):
            first = " ".join(layers[layer].split())[:30]
            assert (first in out) == (i <= shown)
    assert main(["hint", "4", "nonsense"]) == 2
    assert "topological_order" in capsys.readouterr().err
