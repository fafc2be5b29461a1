"""Grading one submission: sandbox, judge, scorecard."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType

from course.grade.intake.submission import Submission
from course.grade.marking.misconception import Pattern, explain
from course.grade.marking.notebooks import NotebookGrader
from course.grade.marking.scorecard import Misconception, ProbeScore, Scorecard
from course.grade.marking.student_tests import TestBench
from course.grade.marking.suite import Suite
from course.grade.marking.suspicion import suspicious_words
from course.grade.sandbox.client import Contents, Sandbox, Walls, place_of
from course.grade.sandbox.jobs import GIVEN
from course.grade.sandbox.reply import Told, end_of, read_reply
from course.judge import Verdict, judge, shortfall
from course.run import Recording

CHILDREN = 3  # at most so many processes per submission, when they keep dying
SLOW_CHILDREN = 2  # at most so many of them that use up their CPU time
PROBE_SHARE = 0.25  # of a child's CPU time that one probe may use
MESSAGES = {
    "passed": "",
    "failed": "a value is not what it should be",
    "error": "your code raised an exception, or its process ended",
    "timeout": "your code took too long",
    "unfinished": "not written yet",
    "tampered": "the result did not come from running the probe",
}


@dataclass(frozen=True)
class Session:
    """What running the probes on one submission gave."""

    recordings: Mapping[str, Recording]
    flags: tuple[str, ...]
    cpu_seconds: float
    seed: str


class Grader:
    """Grades submissions of one phase, one after the other. For one thread; use `with`."""

    def __init__(self, suite: Suite, walls: Walls) -> None:
        self.suite, self.walls = suite, walls
        contents = Contents(suite.files, {GIVEN: suite.given}, suite.preload)
        self.sandbox = Sandbox(contents, suite.course.limits, walls)
        self.bench = TestBench(suite, walls)
        self.notebooks = NotebookGrader(suite, self.sandbox)

    def __enter__(self) -> "Grader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.sandbox.close()
        self.bench.close()

    def grade(
        self, submission: Submission, patterns: Mapping[str, Pattern] | None = None
    ) -> Scorecard:
        """The scorecard of one submission.

        `patterns` are recordings of the phase's mutants under the submission's
        seed, by which misconceptions are recognized; without them none is named.
        """
        start = time.perf_counter()
        session = self.run(submission)
        ran = time.perf_counter()
        answers = self.suite.answers(session.seed)
        verdicts = self._verdicts(answers, session)
        scores = self._scores(verdicts, answers, session)
        found = self._misconceptions(verdicts, session, patterns or {})
        tests = self.bench.grade(submission.files.get(self.suite.phase.student_tests))
        endings = [seen.ending for seen in session.recordings.values()]
        stuck = endings.count("timeout") > len(endings) / 2
        notebook = self.notebooks.grade(submission.notebook, library_files(submission), stuck)
        points = sum(score.points for score in scores)
        most = sum(score.max_points for score in scores)
        judged = time.perf_counter()
        return Scorecard(
            student=submission.student,
            phase=self.suite.phase.id,
            points=round(points, 2),
            max_points=most,
            trusted=self.walls.locked,
            backend=self.walls.name,
            submission=submission.digest,
            suite=self.suite.digest,
            flags=(
                *submission.flags,
                *self._missing(submission),
                *suspicious_words(submission.files),
                *session.flags,
                *(notebook.flags if notebook else ()),
            ),
            probes=scores,
            misconceptions=found,
            student_tests=tests,
            notebook=notebook,
            timing={
                "cpu_seconds": round(session.cpu_seconds, 4),
                "sandbox_seconds": round(ran - start, 4),
                "judge_seconds": round(judged - ran, 4),
            },
        )

    def _missing(self, submission: Submission) -> list[str]:
        """A flag for each file of the phase that was not handed in."""
        names = [name for name in self.suite.phase.files if name not in submission.files]
        told = " ".join(submission.flags)
        return [f"{name} is missing" for name in names if name not in told]

    def run(self, submission: Submission) -> Session:
        """Run every probe of the phase on a submission, in as many children as it takes."""
        seed = self.suite.seed_for(submission.digest)
        return self.run_files(library_files(submission), seed)

    def run_files(self, files: Mapping[str, str], seed: str) -> Session:
        """Run every probe of the phase on library files by their name ("scalar.py")."""
        recordings: dict[str, Recording] = {}
        flags: list[str] = []
        remaining = list(self.suite.probes)
        cpu, slow_before, ended = 0.0, False, None
        for _ in range(CHILDREN):
            reply = self.sandbox.run(self._task(files, remaining, seed))
            cpu += reply.cpu_seconds
            told = read_reply(reply, set(remaining))
            recordings |= told.recordings | self._of_broken_files(told, remaining)
            flags += [f"tampering: {lie}" for lie in told.lies]
            remaining = [probe for probe in remaining if probe not in recordings]
            if told.lies or not remaining:
                break
            ended = end_of(reply, self.suite.course.limits, self.suite.course.limits.cpu_seconds)
            if reply.killed and ended.ending == "error" and not slow_before:
                slow_before = True  # wall time only: perhaps the machine was busy
                continue
            flags.append(ended.detail)
            if told.begun is None:
                break
            recordings[told.begun] = ended
            remaining.remove(told.begun)
            if flags.count(ended.detail) == SLOW_CHILDREN and ended.ending == "timeout":
                break
        tampered = any("tampering" in flag for flag in flags)
        missing = Recording({}, "tampered") if tampered else ended or Recording({}, "error")
        recordings |= {probe: missing for probe in remaining if probe not in recordings}
        return Session(recordings, tuple(dict.fromkeys(flags)), cpu, seed)

    def _task(
        self, files: Mapping[str, str], wanted: Sequence[str], seed: str
    ) -> dict[str, object]:
        return {
            "kind": "probes",
            "files": dict(files),
            "wanted": list(wanted),
            "seed": seed,
            "probe_seconds": self.suite.course.limits.cpu_seconds * PROBE_SHARE,
        }

    def _of_broken_files(self, told: Told, remaining: Sequence[str]) -> dict[str, Recording]:
        """A probe file that the submission's import broke: the same ending for each probe."""
        broken = {}
        for probe in remaining if told.broken_files else ():
            recording = told.broken_files.get(place_of(self.suite.file_of[probe]))
            if recording is not None and probe not in told.recordings:
                broken[probe] = recording
        return broken

    def _verdicts(self, answers: Mapping[str, Recording], session: Session) -> dict[str, Verdict]:
        return {
            probe: judge(answers[probe], session.recordings[probe]) for probe in self.suite.probes
        }

    def _scores(
        self,
        verdicts: Mapping[str, Verdict],
        answers: Mapping[str, Recording],
        session: Session,
    ) -> tuple[ProbeScore, ...]:
        guessable, scores = self.suite.guessable(session.seed), []
        for identity, probe in self.suite.probes.items():
            verdict = self._unless_skipped(identity, verdicts, guessable)
            earned = probe.info.points if verdict.passed else 0
            scores.append(
                _score(
                    identity,
                    verdict.status,
                    earned,
                    probe.info.points,
                    probe.info.concept,
                    probe.info.task,
                    identity in self.suite.visible,
                    self._message(identity, verdict, answers[identity], session),
                )
            )
        return tuple(scores)

    def _unless_skipped(
        self,
        identity: str,
        verdicts: Mapping[str, Verdict],
        guessable: frozenset[str],
    ) -> Verdict:
        """A probe's verdict, or "skipped" where it says nothing without another."""
        verdict, info = verdicts[identity], self.suite.probes[identity].info
        if verdict.passed:
            visible = self.suite.visible
            if identity in guessable and not self._shown(info.task, verdicts, guessable):
                reason = f"counts once a probe of {info.task} that computes a number passes"
                return Verdict("skipped", reason)
            if identity in visible and not (
                self._shown(info.task, verdicts, visible | guessable)
                and self._shown(info.task, verdicts, visible)
            ):
                reason = f"counts once a hidden probe of {info.task} passes too"
                return Verdict("skipped", reason)
            return verdict
        for needed in self.suite.course.needed_tasks(info.task, info.needs):
            others = [v for i, v in verdicts.items() if self.suite.probes[i].info.task == needed.id]
            if others and not any(other.passed for other in others):
                return Verdict("skipped", f"needs {needed.id}, of which nothing works yet")
        return verdict

    def _shown(self, task: str, verdicts: Mapping[str, Verdict], known: frozenset[str]) -> bool:
        """Whether a task's code is right where the answer could not be `known` beforehand,
        guessed or copied (or the task has no probe that could show it)."""
        telling = [
            verdicts[i].passed
            for i, probe in self.suite.probes.items()
            if probe.info.task == task and i not in known
        ]
        return any(telling) or not telling

    def _message(self, identity: str, verdict: Verdict, answer: Recording, session: Session) -> str:
        """What the student reads: hidden probes speak a fixed vocabulary, visible ones name
        what they expect. No word of it comes out of the sandbox."""
        if verdict.status == "skipped":
            return verdict.reason
        if identity in self.suite.visible and verdict.status == "failed":
            return shortfall(answer, session.recordings[identity])
        return MESSAGES[verdict.status]

    def _misconceptions(
        self,
        verdicts: Mapping[str, Verdict],
        session: Session,
        patterns: Mapping[str, Pattern],
    ) -> tuple[Misconception, ...]:
        failed = [probe for probe, verdict in verdicts.items() if not verdict.passed]
        mutants = {mutant.id: mutant for mutant in self.suite.mutants}
        return tuple(
            Misconception(
                name,
                confidence,
                mutants[name].misconception,
                self.suite.course.concepts[mutants[name].concept].theory,
            )
            for name, confidence in explain(failed, session.recordings, patterns)
        )


def printable(text: str) -> str:
    """Text that may hold a student's words: on one line, no control characters, short."""
    return "".join(c if c.isprintable() else "?" for c in text)[:300]


# One object for equal scores: in a large class nearly all of them are equal.
_score = lru_cache(maxsize=4096)(ProbeScore)


def library_files(submission: Submission) -> dict[str, str]:
    """A submission's library files by bare name: "scalar.py"."""
    files = submission.files.items()
    return {Path(name).name: text for name, text in files if name.startswith("src/")}
