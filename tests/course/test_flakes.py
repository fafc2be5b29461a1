"""No flakes: every probe on correct engines, under random seeds and hash seeds.

A few runs here; 200 with `./scripts/test --full`.
"""

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

FULL = bool(os.environ.get("MINIGRAD_FULL"))
RUNS = 200 if FULL else 3
RUN = """
import json, sys
from course.author.check import Job, alternates, run_job
from course.implementation import reference
from course.judge import judge
from course.syllabus import load_course

course, seed = load_course(), int(sys.argv[1])
whole = reference(course.root)
others = alternates(course, whole)
expected = run_job(course, Job(whole, course.phases, "reference", seed=seed))
failures = []
for other in (whole, others[seed % len(others)], others[(seed // 7) % len(others)]):
    seen = run_job(course, Job(other, course.phases, "alternate", seed=seed))
    for probe, recording in expected.items():
        verdict = judge(recording, seen[probe])
        if not verdict.passed:
            failures.append([other.name, probe, verdict.reason])
values = {p: [[n, o.value] for n, o in r.observations.items()] for p, r in expected.items()}
print(json.dumps({"failures": failures, "values": values}))
"""


def run(course, seed, hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    command = [sys.executable, "-c", RUN, str(seed)]
    done = subprocess.run(
        command, cwd=course.root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_no_flakes(course):
    chance = random.Random()
    pairs = [(chance.randrange(10**6), chance.randrange(2**32)) for _ in range(RUNS)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda pair: run(course, *pair), pairs))
    for (seed, hash_seed), result in zip(pairs, results, strict=True):
        assert result["failures"] == [], f"seed {seed}, PYTHONHASHSEED {hash_seed}"


def test_the_reference_is_the_same_to_the_bit_under_every_hash_seed(course):
    one, two = run(course, 7, 1), run(course, 7, 2)
    assert len(one["values"]) > 150
    assert one["values"] == two["values"]


def test_a_dependence_on_the_hash_seed_would_be_found(course):
    text = "print(list({'a', 'b', 'c', 'd', 'e', 'f'}))"
    seen = set()
    for hash_seed in range(4):
        environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
        seen.add(subprocess.check_output([sys.executable, "-c", text], env=environment))
    assert len(seen) > 1


@pytest.mark.parametrize("seed", [0, 1])
def test_seeds_change_the_inputs(course, seed):
    one, two = run(course, seed, 0)["values"], run(course, seed + 10, 0)["values"]
    assert any(one[probe] != two[probe] for probe in one)
