"""A grading run: many submissions, a pool of sandboxes, resumable at any moment.

A scorecard is written whole as soon as it is there. A rerun reads what is there
and grades only what is missing, or was graded with other probes, other answers
or another version of the grader.
"""

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError
from course.files import TEMPORARY, swept, write_whole
from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.patterns import FOLDER, load_patterns, pattern_of_mutant, save_patterns
from course.grade.marking.remarks import is_not_graded
from course.grade.marking.scorecard import Scorecard, read_scorecard
from course.grade.marking.suite import Suite
from course.grade.runs.crew import Crew, graded, unless_hopeless
from course.grade.sandbox.client import Walls
from course.misconception import Pattern
from course.source.mutants import Mutant

Patterns = Mapping[str, Mapping[str, Pattern]]  # by seed and mutant


@dataclass(frozen=True)
class Progress:
    """How far a run is: submissions done, of how many, and the last student."""

    done: int
    total: int
    student: str = ""


def grade_all(
    suite: Suite,
    submissions: Sequence[Submission],
    out: Path,
    walls: Walls,
    *,
    regrade: bool = False,
    workers: int | None = None,
    scheduler: str = "",
    progress: Callable[[Progress], None] = lambda _: None,
) -> list[Scorecard]:
    """Grade submissions into `out`/scorecards; returns every card, sorted by student.

    Cards that are up to date are kept unless `regrade`. An interruption leaves
    whole cards only, and the next run goes on from there. The graders are `workers`
    (default: `usual_workers`) of this machine, or those of a Dask `scheduler`'s workers.
    A submission on which the grader fails gets a card that says so. Raises CourseError
    where it fails on the first ones, or the cards can't go into `out`, and
    KeyboardInterrupt with how far the run came.
    """
    check_place(suite, submissions, out)
    own = (".summary.json.????????", ".origins.json.????????")
    here = swept(out, f"scorecards/{TEMPORARY}", *own)
    with here, swept(suite.course.root / FOLDER, TEMPORARY):
        kept: dict[str, Scorecard] = {}
        if not regrade:
            kept = {s.student: c for s in submissions if (c := _up_to_date(suite, s, out, walls))}
        due = [submission for submission in submissions if submission.student not in kept]
        progress(Progress(len(kept), len(submissions)))
        cards = _grade_due(suite, due, walls, workers or usual_workers(), scheduler)
        try:
            with closing(cards):
                for card in unless_hopeless(cards):
                    path = scorecard_path(out, card.student)
                    write_whole(path, card.to_json(), durable=False)
                    kept[card.student] = card
                    progress(Progress(len(kept), len(submissions), card.student))
        except KeyboardInterrupt:
            raise _stopped(len(kept), len(submissions), regrade) from None
        all_cards = [kept[submission.student] for submission in submissions]
    return all_cards


def check_place(suite: Suite, submissions: Sequence[Submission], out: Path) -> None:
    """Raise CourseError where scorecards would replace those of another phase, or can't be
    written because a folder, or a file for their folder, stands in their place."""
    folder = out / "scorecards"
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file, and scorecards go into a folder; move it away")
    for path in (scorecard_path(out, submission.student) for submission in submissions):
        if path.is_dir():
            raise CourseError(f"{path} is a folder, and a scorecard goes there; move it away")
    known = next(filter(None, map(card_at, sorted(folder.glob("*.json")))), None)
    if known is not None and known.phase != suite.phase.id:
        raise CourseError(
            f"{out} holds the scorecards of phase {known.phase}, and those of phase "
            f"{suite.phase.id} would replace them; give phase {suite.phase.id} a folder of its "
            f"own, such as: --out {out.parent / suite.phase.slug}"
        )


def _stopped(done: int, total: int, regrade: bool) -> KeyboardInterrupt:
    """An interruption that says how far the run came, and how to go on."""
    if regrade:
        how = " again; without --regrade, the same command grades what is not up to date"
    else:
        how = "; the same command goes on from there"
    return KeyboardInterrupt(f"stopped: {done} of {total} are graded{how}")


def usual_workers() -> int:
    """One more than there are CPUs: it works while another's card is judged and written."""
    return (os.cpu_count() or 1) + 1


def scorecard_path(out: Path, student: str) -> Path:
    """Where a student's scorecard is kept."""
    return out / "scorecards" / f"{student}.json"


def _up_to_date(suite: Suite, submission: Submission, out: Path, walls: Walls) -> Scorecard | None:
    card = card_at(scorecard_path(out, submission.student))
    if card is None or any(map(is_not_graded, card.flags)):
        return None
    same = (card.submission, card.suite) == (submission.digest, suite.digest)
    return card if same and card.trusted == walls.locked else None


def card_at(path: Path) -> Scorecard | None:
    """A scorecard that an earlier run left there; None without one, or where it is damaged."""
    if not path.is_file():
        return None
    try:
        return read_scorecard(path)
    except (CourseError, AttributeError, RecursionError):
        return None


def _grade_due(
    suite: Suite, due: Sequence[Submission], walls: Walls, workers: int, scheduler: str
) -> Generator[Scorecard, None, None]:
    """Scorecards as they are ready, from a crew of graders."""
    if not due:
        return
    if scheduler:
        from course.grade.runs.cluster import grade_on  # Dask takes a moment to import

        yield from grade_on(scheduler, suite, due, walls)
        return
    with Crew(suite, walls, workers) as crew:
        suite.prepare({suite.seed_for(s.digest) for s in due if s.notebook})
        patterns = _recorded_mutants(suite, {suite.seed_for(s.digest) for s in due}, walls, crew)

        def work(grader: Grader, submission: Submission) -> Scorecard:
            return graded(grader, submission, patterns[suite.seed_for(submission.digest)])

        yield from crew.each(work, due)


def _recorded_mutants(suite: Suite, seeds: set[str], walls: Walls, crew: Crew) -> Patterns:
    """Every mutant's recordings under each seed, run in the sandbox like a submission
    unless an earlier run did.

    Also computes the reference's answers, here in the trusted process.
    """
    for seed in sorted(seeds):
        suite.answers(seed)
    kept = {seed: load_patterns(suite, seed) for seed in sorted(seeds)}
    patterns = {seed: known or {} for seed, known in kept.items()}
    due = [seed for seed, known in kept.items() if known is None]

    def run(grader: Grader, job: tuple[str, Mutant]) -> None:
        seed, mutant = job
        patterns[seed][mutant.id] = pattern_of_mutant(suite, mutant, seed, grader.run_files)

    for _ in crew.each(run, [(seed, mutant) for seed in due for mutant in suite.mutants]):
        pass
    for seed in due:
        patterns[seed] = dict(sorted(patterns[seed].items()))  # as they are when read back
        if walls.locked:  # without walls a mutant may not meet its limits
            save_patterns(suite, seed, patterns[seed])
    return patterns
