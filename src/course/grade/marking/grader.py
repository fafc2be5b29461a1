"""Grading one submission: run its probes, its tests and its notebook in sandboxes, and score it."""

import time
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Self

from course.completed import completed
from course.grade.intake.submission import Submission
from course.grade.marking import mending
from course.grade.marking.counterexample import counterexample, is_worth_it
from course.grade.marking.failing import ProbeRun, basis_for, verdicts_of
from course.grade.marking.notebooks import NotebookGrader
from course.grade.marking.scorecard import Scorecard
from course.grade.marking.scoring import misconceptions_of, scores_of
from course.grade.marking.student_tests import TestBench
from course.grade.marking.suite import Suite
from course.grade.marking.suspicion import suspicious_words
from course.grade.marking.walled import Walled
from course.grade.sandbox.client import Closing, Walls, place_of
from course.grade.sandbox.reply import ProbeReplies, end_of, read_reply
from course.imports import complaints, syntax_errors
from course.misconception import Pattern
from course.run import Recording

CHILDREN = 3  # at most so many processes per submission, when they keep dying
SLOW_CHILDREN = 2  # at most so many of them that use up their CPU time


class Grader(Closing):
    """Grades submissions of one phase, one after the other. For one thread; use `with`."""

    def __init__(self, suite: Suite, walls: Walls) -> None:
        self.suite, self.walls = suite, walls
        self.sandbox, self.bench = Walled(suite, walls), TestBench(suite, walls)
        self.notebooks = NotebookGrader(suite, self.sandbox)

    def beside(self) -> Self:
        """A grader for another thread. The two share the fork servers, each with connections of
        its own, and the engines that students' own tests meet."""
        other = copy(self)
        other.sandbox, other.bench = self.sandbox.beside(), self.bench.beside()
        other.notebooks = NotebookGrader(self.suite, other.sandbox)
        return other

    def close(self) -> None:
        """End the sandboxes; the next submission would start new ones."""
        self.sandbox.close()
        self.bench.close()

    def interrupt(self) -> None:
        """End what runs in the sandboxes just now, and in those of graders beside this one; for
        a thread that is not the grader's."""
        self.sandbox.interrupt()
        self.bench.interrupt()

    def grade(
        self, submission: Submission, patterns: Mapping[str, Pattern] | None = None
    ) -> Scorecard:
        """The scorecard of one submission.

        `patterns` are recordings of the phase's mutants under the submission's
        seed, by which misconceptions are recognized; without them none is named.
        """
        suite, start = self.suite, time.perf_counter()
        end = time.monotonic() + suite.course.limits.submission_wall_seconds
        files = self._files(submission)
        run = self.run(submission)
        ran = time.perf_counter()
        verdicts = verdicts_of(suite, run)
        failed = [probe for probe, verdict in verdicts.items() if not verdict.passed]
        if mending.is_worth_it(suite, run, verdicts):
            basis = self._run_again(files, run.seed, basis_for(suite, failed))
            run = replace(run, basis=basis, uses=suite.uses_in(files))
            run = mending.with_mended(
                suite, run, verdicts, files, lambda f, wanted: self._run_again(f, run.seed, wanted)
            )
        worth_it = failed and is_worth_it(suite.phase.id, run.recordings, run.flags)
        smallest = counterexample(suite, self.sandbox, files) if worth_it else None
        # Where every probe passes, the files of the phase were imported: parsing them takes longer
        # than all else that is done outside the sandbox.
        imported = () if failed else suite.phase.files
        unread = {name: text for name, text in submission.files.items() if name not in imported}
        unreadable = syntax_errors(unread)
        scores = scores_of(suite, run, verdicts, any(n.startswith("src/") for n in unreadable))
        misconceptions = misconceptions_of(suite, run, verdicts, patterns or {})
        tests = self.bench.grade(submission.files.get(suite.phase.student_tests), end)
        endings = [recording.ending for recording in run.recordings.values()]
        stuck = endings.count("timeout") > len(endings) / 2
        notebook = self.notebooks.grade(submission.notebook, files, run.seed, stuck)
        judged = time.perf_counter()
        return Scorecard(
            student=submission.student,
            phase=suite.phase.id,
            points=round(sum(score.points for score in scores), 2),
            max_points=sum(score.max_points for score in scores),
            trusted=self.walls.locked,
            backend=self.walls.name,
            submission=submission.digest,
            suite=suite.digest,
            flags=(
                *submission.flags,
                *self._missing(submission),
                *(complaints(submission.files) if failed else unreadable.values()),
                *suspicious_words(submission.files),
                *run.flags,
                *(notebook.flags if notebook else ()),
            ),
            probes=scores,
            misconceptions=misconceptions,
            counterexample=smallest,
            student_tests=tests,
            notebook=notebook,
            timing={
                "cpu_seconds": round(run.cpu_seconds, 4),
                "sandbox_seconds": round(ran - start, 4),
                "judge_seconds": round(judged - ran, 4),
            },
        )

    def _missing(self, submission: Submission) -> list[str]:
        """A flag for each file of the phase that was not handed in."""
        names = [name for name in self.suite.phase.files if name not in submission.files]
        explained = " ".join(submission.flags)
        return [f"{name} is missing" for name in names if name not in explained]

    def run(self, submission: Submission) -> ProbeRun:
        """Run every probe of the phase on a submission, under the seed that it gets."""
        return self.run_files(self._files(submission), self.suite.seed_for(submission.digest))

    def _files(self, submission: Submission) -> dict[str, str]:
        """The library files of a submission, with stubs of what they lack."""
        stubs = self.suite.given.files
        return completed(library_files(submission), {n: self.suite.given.source(n) for n in stubs})

    def run_files(self, files: Mapping[str, str], seed: str) -> ProbeRun:
        """Run every probe of the phase on library files by their name ("scalar.py"), in as
        many children as it takes.

        A submission gets a few children only, so probes that call a task which ended one wait
        until the others have run.
        """
        recordings: dict[str, Recording] = {}
        flags: list[str] = []
        deadly: set[str] = set()
        remaining = list(self.suite.probes)
        cpu, slow_before, ended, imported = 0.0, False, None, True
        limits = self.suite.course.limits
        for _ in range(CHILDREN):
            wanted = [p for p in remaining if not self.suite.uses[p] & deadly] or remaining
            reply = self.sandbox.run(self._task(files, wanted, seed))
            cpu += reply.cpu_seconds
            replies = read_reply(reply, set(wanted))
            recordings |= replies.recordings | self._of_broken_files(replies, remaining)
            imported = imported and not replies.broken_files
            flags += [f"tampering: {lie}" for lie in replies.lies]
            if any(file.ending == "timeout" for file in replies.broken_files.values()):
                flags.append(f"more than {limits.probe_cpu_seconds:g} s of CPU time")
            remaining = [probe for probe in remaining if probe not in recordings]
            if replies.lies or not remaining:
                break
            if not set(wanted) & set(remaining):
                continue
            ended = end_of(reply, limits, limits.cpu_seconds)
            if reply.killed and ended.ending == "error" and not slow_before:
                slow_before = True  # wall time only: perhaps the machine was busy
                continue
            flags.append(ended.detail)
            if replies.begun is None:
                break
            recordings[replies.begun] = ended
            remaining.remove(replies.begun)
            deadly.add(self.suite.probes[replies.begun].info.task)
            if flags.count(ended.detail) == SLOW_CHILDREN and ended.ending == "timeout":
                break
        tampered = any("tampering" in flag for flag in flags)
        missing = Recording({}, "tampered") if tampered else ended or Recording({}, "error")
        recordings |= {probe: missing for probe in remaining if probe not in recordings}
        return ProbeRun(recordings, tuple(dict.fromkeys(flags)), cpu, seed, imported=imported)

    def _run_again(
        self, files: Mapping[str, str], seed: str, wanted: Sequence[str]
    ) -> dict[str, Recording]:
        """Recordings of some probes of this phase and of earlier ones, in one child."""
        if not wanted:
            return {}
        earlier = any(probe in self.suite.basis for probe in wanted)
        with_numpy = earlier and self.suite.basis_uses_numpy
        reply = self.sandbox.run(self._task(files, wanted, seed), with_numpy)
        recordings = read_reply(reply, set(wanted)).recordings
        return {probe: recordings.get(probe, Recording({}, "error")) for probe in wanted}

    def _task(
        self, files: Mapping[str, str], wanted: Sequence[str], seed: str
    ) -> dict[str, object]:
        limits = self.suite.course.limits
        return {
            "kind": "probes",
            "files": dict(files),
            "wanted": list(wanted),
            "seed": seed,
            "probe_seconds": limits.probe_cpu_seconds,
        }

    def _of_broken_files(
        self, replies: ProbeReplies, remaining: Sequence[str]
    ) -> dict[str, Recording]:
        """A probe file that the submission's import broke: the same ending for each probe."""
        broken = {}
        for probe in remaining if replies.broken_files else ():
            recording = replies.broken_files.get(place_of(self.suite.file_of[probe]))
            if recording is not None and probe not in replies.recordings:
                broken[probe] = recording
        return broken


def library_files(submission: Submission) -> dict[str, str]:
    """A submission's library files by bare name: "scalar.py"."""
    files = submission.files.items()
    return {Path(name).name: text for name, text in files if name.startswith("src/")}
