"""The phases as course.toml lists them, for tests that are tried on each of them."""

from course.manifest import load_course

PHASES = [phase.id for phase in load_course().chapters]
PROBLEM_SETS = [phase.id for phase in load_course().phases if phase.id not in PHASES]
