"""The learner's commands for the site's workbench: asked and answered as data.

A worker of the browser holds a student's tree and this module; the page sends a request, and
shows what the answer says. Nothing here knows of a browser, so any Python can run it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.implementation import working_copy
from course.learn import archive as archives
from course.learn.cells import Look, printed, run_cell
from course.learn.explanations import explanation, last_shown
from course.learn.hints import next_hint, task_to_hint
from course.learn.one_library import here
from course.learn.own_tests import try_own_tests
from course.learn.progress import remembered, run_and_remember
from course.learn.results import Result, run_alone
from course.learn.search import examples_of, lines_of, rows_of, search
from course.learn.submit import complaints_about, pack
from course.learn.transfer import take_in
from course.manifest import load_course
from course.memory import FOLDER
from course.run import Probe, Recording
from course.syllabus import Course, Phase
from course.watchdog import stopping_loops
from course.words import ago

Answer = dict[str, Any]
Tell = Callable[[str, float], None]  # what begins now, and how many seconds it may take
Show = Callable[[str], None]  # what can be seen before an answer is there, as JSON


class Workbench:
    """Answers requests about the tree at `root`. `tell` is called before anything of the
    learner's runs, so that a page can end what does not end by itself; `show` with what can be
    seen before an answer is there, as JSON."""

    def __init__(
        self, root: Path, tell: Tell, show: Callable[[str], None] = lambda _: None
    ) -> None:
        self.root = root
        self.tell = tell
        self.show = show

    def answer(self, text: str) -> str:
        """The answer to a request, both as JSON: {"command": …, "phase": …, …}.

        An answer holds `error` where the command could not be done, and always `changed`: the
        files of the learner's that are now different, and `removed`.
        """
        request = json.loads(text)
        before = self._hashes()
        try:
            course = load_course(self.root)
            phase = course.opened(request["phase"])
            answer = COMMANDS[request["command"]](self, course, phase, request)
        except CourseError as error:
            answer = {"error": str(error).replace(f"{self.root}/", "")}
        after = self._hashes()
        answer["changed"] = sorted(name for name in after if after[name] != before.get(name))
        answer["removed"] = sorted(before.keys() - after.keys())
        return json.dumps(answer)

    def test(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Run the visible probes. Those in `endless` had to be ended after so many seconds: they,
        and the later ones of their tasks, count as out of time and are not run again."""
        endless, endless_tasks = dict(request.get("endless", {})), dict[str, str]()

        def run_probe(probe: Probe, cpu_seconds: float) -> Recording:
            seconds = min(cpu_seconds, probe.info.seconds or cpu_seconds)
            if probe.id in endless:
                endless_tasks[probe.info.task] = probe.summary
                return Recording({}, "timeout", f"no end after {endless[probe.id]:g} s")
            if probe.info.task in endless_tasks:
                before = endless_tasks[probe.info.task]
                return Recording({}, "timeout", f"not run, since this did not end: {before}")
            self.tell(probe.id, max(seconds, course.limits.probe_cpu_seconds))
            return run_alone(probe, cpu_seconds)

        self.tell("import", course.limits.cpu_seconds)
        with printed() as out:
            results = run_and_remember(course, phase, run_probe)
        explained = set[str]()
        return {
            "title": f"{phase.id} {phase.title}",
            "passed": sum(result.status == "passed" for result in results),
            "results": [_shown(course, result, explained) for result in results],
            "printed": out.text(),
        }

    def examples(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Compare random examples with the oracle: how many, and the smallest that is wrong."""
        self.tell("examples", course.limits.notebook_cpu_seconds)
        with printed():
            found = search(course, phase)
        answer: Answer = {"tried": found.tried, "what": examples_of(phase)}
        if (wrong := found.disagreement) is not None:
            answer["wrong"] = {
                "lines": lines_of(wrong),
                "what": wrong.what,
                "rows": list(rows_of(wrong)),
                "raised": wrong.raised,
                "where": str(found.place or ""),
                "picture": found.svg,
            }
        return answer

    def own(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Run the learner's own tests, on their code and on slips of it."""
        self.tell("own tests", course.limits.own_tests_cpu_seconds)
        with stopping_loops(), printed():
            result = try_own_tests(course, phase, here)
        return {
            "tests": result.tests,
            "failing": result.failing,
            "reasons": [result.reasons.get(name, "") for name in result.failing],
            "broken": result.broken,
            "caught": len(result.caught),
            "missed": [
                {"place": s.place, "function": s.function, "before": s.before, "after": s.after}
                for s in result.missed
            ],
        }

    def hint(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Open one more hint of a task (default: the first that a test has shown to be wrong)."""
        results, current = remembered(course).get(phase.id, ([], False))
        task = task_to_hint(phase, results, request.get("task"))
        hints, was_last = next_hint(course, phase, task)
        shown = [{"words": w, "read": r} for w, r in last_shown(course, task, results, current)]
        return {
            "task": task.id,
            "title": task.title,
            "shown": shown,
            "hints": [asdict(hint) for hint in hints],
            "last": was_last,
        }

    def archive(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Keep a copy of the phase's files."""
        kept = archives.archive(course, phase)
        return {"archive": kept.name if kept else None}

    def archives(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Every archive of the phase, the newest first."""
        now = datetime.now(UTC)
        entries = [
            {
                "name": entry.name,
                "made": ago(entry.made, now),
                "reason": entry.reason,
                "files": list(entry.files),
                "same": archives.is_now(course, entry),
            }
            for entry in reversed(archives.archives(course, phase))
        ]
        return {"archives": entries}

    def reset(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Archive the phase's files and put back what was given out."""
        return _done(archives.reset(course, phase))

    def restore(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Bring an archive back; without a name the latest that holds work."""
        return _done(archives.restore(course, phase, request.get("archive")))

    def diff(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """What changed since an archive, as the lines of a unified diff."""
        return {"lines": archives.differences(course, phase, request.get("archive"))}

    def pack(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Write the zip that `minigrad submit` would make to the path `to`."""
        data, receipt = pack(course, phase, datetime.now(UTC))
        Path(request["to"]).write_bytes(data)
        name = f"{phase.slug}-{receipt.zip[:12]}.zip"
        remarks = [c for c in complaints_about(course, phase) if not _is_absent(c, course, phase)]
        return {"name": name, "files": list(receipt.files), "remarks": remarks}

    def take_in(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Put the files of such a zip, at the path `from`, in their places; `name` is what the
        learner calls it."""
        return _done(take_in(course, phase, Path(request["from"]), request.get("name")))

    def cell(self, course: Course, phase: Phase, request: Mapping[str, Any]) -> Answer:
        """Run a cell of the learner's own. A training that it watches is shown as it goes on, and
        may take as long as it goes on."""

        def show(look: Look) -> None:
            self.tell("cell", course.limits.notebook_cpu_seconds)
            self.show(json.dumps(asdict(look)))

        self.tell("cell", course.limits.notebook_cpu_seconds)
        return asdict(run_cell(working_copy(course.root), request["text"], show))

    def _hashes(self) -> dict[str, str]:
        """What the learner owns here: a hash by file."""
        return {
            path.relative_to(self.root).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in self._owned()
        }

    def _owned(self) -> Iterator[Path]:
        for folder in ("src/minigrad", "tests/student", "notebooks", FOLDER):
            files = (self.root / folder).rglob("*")
            yield from (path for path in files if path.is_file() and path.suffix != ".pyc")


COMMANDS: dict[str, Callable[[Workbench, Course, Phase, Mapping[str, Any]], Answer]] = {
    "test": Workbench.test,
    "examples": Workbench.examples,
    "own": Workbench.own,
    "hint": Workbench.hint,
    "archive": Workbench.archive,
    "archives": Workbench.archives,
    "reset": Workbench.reset,
    "restore": Workbench.restore,
    "diff": Workbench.diff,
    "pack": Workbench.pack,
    "take in": Workbench.take_in,
    "cell": Workbench.cell,
}


def _shown(course: Course, result: Result, explained: set[str]) -> Answer:
    """A result, and once per idea what is said about it."""
    about = explanation(course, result)
    answer = asdict(result)
    if about is not None and about.words[0] not in explained:
        explained.add(about.words[0])
        answer["about"] = asdict(about)
    return answer


def _done(done: archives.Done) -> Answer:
    return {
        "files": list(done.changed),
        "remarks": list(done.remarks),
        "archive": done.archive.name if done.archive else None,
        "source": done.source.name if done.source else None,
    }


def _is_absent(complaint: str, course: Course, phase: Phase) -> bool:
    """Whether a complaint is only that the notebook is not here: a workbench has none."""
    absent = phase.has_notebook and not (course.root / phase.notebook).is_file()
    return absent and complaint.startswith(phase.notebook)
