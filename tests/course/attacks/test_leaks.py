"""Expected values never enter a sandbox: programs that know what to look for find nothing."""

import json
import random

import pytest

from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.suite import load_suite
from course.implementation import reference, working_copy
from course.source.notebooks import release_version

from . import searches
from .notebooks import cell_of
from .programs import REACHED
from .runs import SCALAR, words_of

LIBRARY = {name: text for name, text in searches.ALL.items() if "notebook" not in name}


@pytest.fixture(scope="module")
def grader(course, walls):
    with Grader(load_suite(course, course.phase("03")), walls) as grader:
        yield grader


@pytest.fixture(scope="module")
def numbers(grader):
    """What the judge expects under any seed and nobody writes down: numbers of many digits,
    but for those that a probe draws, which are no answers."""
    suite, drawn, uniform = grader.suite, set(), random.Random.uniform

    def noted(self, low, high):
        drawn.add(number := uniform(self, low, high))
        return number

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(random.Random, "uniform", noted)
        seeds = {suite.seed_for(str(i)) for i in range(100)}
        recordings = [r for seed in seeds for r in suite.answers(seed).values()]
        recordings += [r for seed in seeds for r in suite.notebook_answers(seed).values()]
    seen = [o.value for r in recordings for o in r.observations.values()]
    telling = {v for v in seen if isinstance(v, float) and len(repr(v)) > 12}
    found = telling - drawn - {-number for number in drawn}
    assert len(found) > 20 and drawn
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARY)
def test_no_expected_value_is_in_the_sandbox(course, grader, numbers, name):
    stub = working_copy(course.root).source("scalar.py")
    program = searches.looking_for(LIBRARY[name], numbers)
    session = grader.run(Submission("eve", {SCALAR: f"{stub}\n{program}"}))
    told = "\n".join(map(words_of, session.recordings.values()))
    assert REACHED not in told and "searched too little" not in told, told[:500]
    assert "nothing was found" in told or "phase 0" in told, told[:500]


def test_none_is_where_notebooks_run(course, walls):
    """In phase 05, whose grading cell expects numbers that nobody guesses."""
    (text,) = [text for name, text in searches.ALL.items() if "notebook" in name]
    suite = load_suite(course, course.phase("05"))
    answers = suite.notebook_answers("seed").values()
    seen = [o.value for r in answers for o in r.observations.values()]
    telling = {value for value in seen if len(repr(value)) > 12}
    assert len(telling) > 2
    document = json.loads(release_version(course, suite.phase))
    program = searches.looking_for(text, telling)
    cell_of(document, "tanh")["source"] = f"{program}\ndef tanh_by_exp(x): return search(x)"
    replies = []
    with Grader(suite, walls) as grader:
        run = grader.sandbox.run
        grader.sandbox.run = lambda task: replies.append(run(task)) or replies[-1]
        library = {"scalar.py": reference(course.root).source("scalar.py")}
        score = grader.notebooks.grade(json.dumps(document).encode(), library, "seed")
    assert score.points == 0 and len(replies) == 1
    assert b"'int' object has no attribute 'backward'" in replies[0].data  # search came to its end
    assert b"NameError" not in replies[0].data and b"too little" not in replies[0].data
    assert REACHED.encode() not in replies[0].data
