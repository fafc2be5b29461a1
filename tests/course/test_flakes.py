"""No flakes: every probe on correct engines, under random seeds and hash seeds.

A run records every probe in two fresh processes, each with a PYTHONHASHSEED of its
own. The reference must pass and so must two alternates, where they can be told from it, and
what the reference shows must be the same to the bit in both. Run as a script, this file is one
such process.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from course.author.directions import alternate_jobs, alternates
from course.author.jobs import Job, run_job
from course.implementation import Implementation, installed, reference
from course.judge import judge
from course.manifest import load_course
from course.run import Recording, compile_probes
from course.syllabus import Course

RUNS = 3
ALTERNATES = 2  # per run
TIMEOUT = 300  # seconds for one process; it takes less than one
PLANTED = '''
import random
from course.observe import probe
from minigrad.scalar import Value, topological_order

@probe(task="derivative", concept="finite-differences")
def test_order_of_a_set(observe):
    """Strings come out of a set in an order that the hash seed decides."""
    observe("order", " ".join({f"name{i}" for i in range(20)}))

@probe(task="derivative", concept="finite-differences")
def test_chance(observe):
    """A number that no seed fixes."""
    observe("chance", random.random())

@probe(task="derivative", concept="finite-differences")
def test_name_of_the_reference(observe):
    """A name that the docstrings don't ask for."""
    names = topological_order.__code__.co_varnames
    observe("has a variable", "done" in names and "met" in names)

@probe(task="derivative", concept="finite-differences")
def test_good(observe):
    """Fixed by the recorder's seed, and asked for by the docstrings."""
    observe("data", Value(observe.rng.uniform(1, 2)).data)
'''


@dataclass(frozen=True)
class Run:
    """What one run takes from chance; its text says how to repeat it."""

    number: int  # chooses the alternates
    seed: int
    hash_seeds: tuple[int, int]

    def __str__(self) -> str:
        one, two = self.hash_seeds
        return f"run {self.number}, seed {self.seed}, PYTHONHASHSEED {one} and {two}"


def random_runs(count: int) -> list[Run]:
    """Runs with consecutive numbers from a random one on, so that every alternate has its turn."""
    chance = random.Random()
    first = chance.randrange(10**6)
    hash_seeds = [tuple(chance.sample(range(2**32), 2)) for _ in range(count)]
    return [Run(first + i, chance.randrange(10**6), pair) for i, pair in enumerate(hash_seeds)]


def flakes(course: Course, run: Run, planted: Path | None = None) -> list[str]:
    """A line for each thing that is not as it should be in a run; none when all is well."""
    one, two = (process(course, run, hash_seed, planted) for hash_seed in run.hash_seeds)
    found = one["failures"] + two["failures"]
    for probe in sorted(one["seen"].keys() | two["seen"].keys()):
        if one["seen"].get(probe) != two["seen"].get(probe):
            found.append(f"{probe} on the reference: not the same under both hash seeds")
    return [f"{run}: {line}" for line in dict.fromkeys(found)]


def process(course: Course, run: Run, hash_seed: int, planted: Path | None = None) -> dict:
    """What `main` prints, in a fresh process with that hash seed."""
    # The second process is for the comparison of the reference with itself only.
    others = ALTERNATES if hash_seed == run.hash_seeds[0] else 0
    arguments = [course.root, run.number, run.seed, others, *([planted] if planted else [])]
    done = subprocess.run(
        [sys.executable, __file__, *map(str, arguments)],
        cwd=course.root,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, f"{run}: {done.stderr}"
    return json.loads(done.stdout)


def main(root: str, number: str, seed: str, others: str, planted: str = "") -> None:
    """Print as JSON which probes fail, and all that the reference shows, by probe.

    `planted` is a folder to take the probes of the first phase from, and no others.
    """
    course = load_course(Path(root))
    whole = reference(course.root)
    chosen = turn(alternates(course, whole), int(number))[: int(others)]
    everything = course
    if planted:
        course = replace(course, root=Path(planted), phases=course.phases[:1])
    expected = run_job(course, Job(whole, course.phases, "reference", seed=int(seed)))
    failures = list(failed(whole.name, expected, expected))
    for job in alternate_jobs(everything, whole, expected):
        if job.implementation.name in {each.name for each in chosen}:
            seen = run_job(course, replace(job, seed=int(seed)))
            asked = {probe: expected[probe] for probe in job.only}
            failures += failed(job.implementation.name, asked, seen)
    shown = {probe: to_the_bit(recording) for probe, recording in expected.items()}
    print(json.dumps({"failures": failures, "seen": shown}))


def turn(everyone: list[Implementation], number: int) -> list[Implementation]:
    """The alternates of the run with this number."""
    start = number * ALTERNATES
    return [everyone[(start + i) % len(everyone)] for i in range(ALTERNATES)]


def failed(name: str, expected: dict[str, Recording], seen: dict[str, Recording]) -> Iterator[str]:
    for probe, recording in expected.items():
        verdict = judge(recording, seen.get(probe, Recording({}, "error", "did not run")))
        if not verdict.passed:
            yield f"{probe} on {name}: {verdict.status} {verdict.reason}"


def to_the_bit(recording: Recording) -> str:
    """A text that two recordings share only if they ended alike and observed equal bits."""
    values = [(name, observation.value) for name, observation in recording.observations.items()]
    return repr((recording.ending, recording.detail, values))


@pytest.mark.slow
def test_no_flakes(course):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda run: flakes(course, run), random_runs(RUNS)))
    assert list(chain.from_iterable(found)) == []


def test_every_alternate_has_its_turn(course):
    everyone = alternates(course, reference(course.root))
    assert len(everyone) > 20
    turns = [turn(everyone, number) for number in range(7, 7 + len(everyone))]
    assert {each.name for both in turns for each in both} == {each.name for each in everyone}
    assert all(len({each.name for each in both}) == ALTERNATES for both in turns)


def test_what_depends_on_the_hash_seed_on_chance_or_on_the_reference_is_found(course, tmp_path):
    phase = course.phases[0]
    for path, text in ((phase.visible, PLANTED), (phase.hidden, "")):
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    run = Run(0, 5, (1, 2))
    lines = [line.removeprefix(f"{run}: ") for line in flakes(course, run, tmp_path)]
    found = {tuple(line.partition(":")[0].split(" on ")) for line in lines}
    names = [each.name for each in turn(alternates(course, reference(course.root)), run.number)]
    assert found == {
        ("01.order_of_a_set", "the reference"),
        ("01.chance", "the reference"),
        *(("01.chance", name) for name in names),
        *(("01.name_of_the_reference", name) for name in names),
    }


def test_inputs_in_a_set_end_the_same_every_time(course):
    """The commonest design there is; the order of a set depends on where its nodes lie."""
    whole = reference(course.root)
    text = (course.root / "tests/alternates/closures/scalar.py").read_text(encoding="utf-8")
    sets = text.replace("self._prev = tuple(_prev)", "self._prev = set(_prev)")
    assert sets != text
    engine, phases = (
        whole.with_files("sets", {"scalar.py": sets}),
        tuple(map(course.phase, ("03", "04", "05"))),
    )
    expected = run_job(course, Job(whole, phases, "reference"))
    kept, seen = [], set()
    for n in range(6):
        kept.append([bytes(8 * (n + i % 60)) for i in range(5_000)][:: n + 2])  # holes in memory
        recordings = run_job(course, Job(engine, phases, "sets"))
        seen.add(tuple(failed("sets", expected, recordings)))
    assert len(seen) == 1


@pytest.fixture(scope="module")
def seen_under(course):
    """What the reference shows to every probe under a seed, in a process of its own."""
    return cache(lambda seed: process(course, Run(0, seed, (0, 1)), 1)["seen"])


@pytest.mark.slow
def test_every_probe_is_recorded(course, seen_under):
    seen = seen_under(0)
    with installed(reference(course.root)):
        paths = [
            (phase.id, path) for phase in course.phases for path in (phase.visible, phase.hidden)
        ]
        files = [compile_probes(course.root / path, phase) for phase, path in paths]
        assert seen.keys() == {probe.id for file in files for probe in file.probes()}
    assert all(text.startswith("('done', '', [(") for text in seen.values())


@pytest.mark.slow
def test_seeds_change_the_inputs(seen_under):
    one, two = seen_under(0), seen_under(1)
    assert any(one[probe] != two[probe] for probe in one)


if __name__ == "__main__":
    main(*sys.argv[1:])
