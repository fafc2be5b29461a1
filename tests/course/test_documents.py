"""The examples in BLUEPRINT.md and the commands in README.md are run."""

import doctest
import re
import subprocess
import sys

from course.implementation import installed, reference


def test_blueprint_examples_give_what_they_say(course):
    text = (course.root / "BLUEPRINT.md").read_text(encoding="utf-8").replace("```", "")
    with installed(reference(course.root)):
        examples = doctest.DocTestParser().get_doctest(text, {}, "BLUEPRINT", None, 0)
        assert len(examples.examples) > 4
        assert doctest.DocTestRunner().run(examples).failed == 0


def test_readme_commands_exist(course):
    text = (course.root / "README.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"^\./scripts/minigrad (\w+)", text, flags=re.MULTILINE))
    assert {"status", "test", "check", "generate"} <= commands
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "course", command, "--help"], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
