"""course.toml: what it gives, and how it complains."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from course.errors import CourseError
from course.manifest import load_course


def test_phases_are_numbered_from_1_without_a_gap(course):
    chapters = course.chapters
    assert [phase.id for phase in chapters] == [f"{n:02}" for n in range(1, len(chapters) + 1)]


def test_a_problem_set_follows_its_phase_and_brings_its_own_file_only(course):
    ids = [phase.id for phase in course.phases]
    assert ids == sorted(ids) and ids.index("04p") == ids.index("04") + 1
    problems = course.phase("4p")
    assert problems.is_problem_set and problems.slug == "04p-problems"
    assert course.owned_files(problems)[-1] == "src/minigrad/problems_04.py"
    assert "src/minigrad/problems_04.py" not in course.owned_files(course.phase("05"))
    assert course.owned_files(course.phase("05"))[-1] == "src/minigrad/scalar.py"


@pytest.mark.parametrize("name", ["4", "04", "backward", "04-backward", "Backward"])
def test_a_phase_has_several_names(course, name):
    assert course.phase(name).slug == "04-backward"


def test_an_unknown_phase_lists_the_known_ones(course):
    with pytest.raises(CourseError, match="01-derivatives, 01p-problems"):
        course.phase("99")


def test_needs_are_followed_all_the_way(course):
    needed = [task.id for task in course.needed_tasks("mlp")]
    assert needed[0] == "value"
    assert {"layer", "neuron", "mul"} <= set(needed)


@pytest.mark.parametrize(
    ("find", "replacement", "complaint"),
    [
        ('title = "minigrad"', "title = 3", "title: must be str, not int"),
        ('id = "04"', 'id = "4"', r"\[phase 4\] id: must be two digits"),
        ('name = "backward"', "", r"\[phase 04\] name: is missing"),
        ("cpu_seconds = 10", "cpu_seconds = 0", r"\[limits\] cpu_seconds: must be positive"),
        ("cpu_seconds = 10", "cpu_secs = 10", r"\[limits\] cpu_secs: is not a known key"),
        (
            'needs = ["layer"]',
            'needs = ["leyer"]',
            r"task mlp\] needs: 'leyer' is not an earlier task",
        ),
        ('id = "05"', 'id = "03"', "ids must ascend"),
        ('id = "00"', 'id = "0"', r"\[warmup\] id: must be two digits"),
        ('id = "00"', 'id = "11"', r'\[warmup\] id: must be "00"'),
        ("points = 0", "points = 1", r"\[warmup\] points: must be 0"),
        ("[limits]", "[limits", "is not valid TOML"),
    ],
)
def test_a_mistake_names_file_table_and_key(course, tmp_path, find, replacement, complaint):
    text = (course.root / "course.toml").read_text(encoding="utf-8")
    assert find in text
    (tmp_path / "course.toml").write_text(text.replace(find, replacement, 1), encoding="utf-8")
    with pytest.raises(CourseError, match=complaint) as caught:
        load_course(tmp_path)
    assert str(tmp_path / "course.toml") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_manifest_says_what_to_do(tmp_path):
    with pytest.raises(CourseError, match="git checkout"):
        load_course(tmp_path)


def test_the_copy_is_read_not_the_original(course, tmp_path):
    shutil.copy(course.root / "course.toml", tmp_path)
    assert load_course(tmp_path).root == tmp_path


def test_work_is_late_from_the_second_after_the_deadline(course):
    due = datetime(2026, 3, 1, 12, tzinfo=UTC)
    phase = replace(course.phase("04"), due=due)
    assert not phase.is_late(due)
    assert phase.is_late(due + timedelta(seconds=1))
    assert not phase.is_late(due.astimezone(timezone(timedelta(hours=5))))
    assert not replace(course.phase("04"), due=None).is_late(due)


def dated(course, folder, due, zone=""):
    """The course with such a due date in phase 04, and perhaps a time zone."""
    text = (course.root / "course.toml").read_text(encoding="utf-8")
    text = text.replace('id = "04"\n', f'id = "04"\ndue = {due}\n')
    (folder / "course.toml").write_text(f"{zone}\n{text}", encoding="utf-8")
    return load_course(folder)


@pytest.mark.parametrize("due", ["2026-11-20", "2026-11-20T23:59:59", '"20.11.2026 23:59:59"'])
def test_a_date_without_an_offset_is_one_of_the_time_zone(course, tmp_path, due):
    """Also where the machine's own zone is another, and in summer as in winter."""
    phase = dated(course, tmp_path, due, 'timezone = "Europe/Berlin"').phase("04")
    assert phase.due == datetime(2026, 11, 20, 22, 59, 59, tzinfo=UTC)
    phase = dated(course, tmp_path, "2026-07-20", 'timezone = "Europe/Berlin"').phase("04")
    assert phase.due == datetime(2026, 7, 20, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("due", ["2026-11-20", "2026-11-20T23:59:00"])
def test_a_date_that_does_not_say_which_zone_is_refused_with_an_example(course, tmp_path, due):
    with pytest.raises(CourseError, match=r"\[phase 04\] due: .*T23:59:00\+01:00, or set timezone"):
        dated(course, tmp_path, due)


def test_a_time_zone_that_is_none_is_named(course, tmp_path):
    with pytest.raises(CourseError, match=r"timezone: 'Berlin' is no time zone .*Europe/Berlin"):
        dated(course, tmp_path, "2026-11-20", 'timezone = "Berlin"')


def test_an_offset_goes_before_the_time_zone(course, tmp_path):
    phase = dated(course, tmp_path, "2026-11-20T12:00:00Z", 'timezone = "Asia/Tokyo"').phase("04")
    assert phase.due == datetime(2026, 11, 20, 12, tzinfo=UTC)


def with_tables(course, folder, tables):
    """The course with such further tables in its course.toml."""
    text = (course.root / "course.toml").read_text(encoding="utf-8")
    (folder / "course.toml").write_text(f"{text}\n{tables}\n", encoding="utf-8")
    return load_course(folder)


def test_a_term_has_weights_and_drops_the_lowest(course, tmp_path):
    tables = "[term]\ndrop_lowest = 1\n[term.weights]\n04 = 2\n04p = 0.5"
    term = with_tables(course, tmp_path, tables).term
    assert (term.drop_lowest, term.weights) == (1, {"04": 2.0, "04p": 0.5})


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        ("[term]\ndrop_lowest = -1", r"\[term\] drop_lowest: must be how many"),
        ("[term]\ndrop = 1", r"\[term\] drop: is not a known key"),
        ("[term.weights]\n99 = 1", r"\[term.weights\] 99: is not a known key"),
        ("[term.weights]\n04 = -1", r"\[term.weights\] 04: must be 0 or more, not -1"),
        ("[term.weights]\n04 = nan", r"\[term.weights\] 04: must be 0 or more"),
        ('[term.weights]\n04 = "2"', r"\[term.weights\] 04: must be int or float"),
        ("[late]\npolicy = 'per day'\nper_day = 10", r"\[late\] per_day: must be a share"),
    ],
)
def test_what_a_term_cannot_mean_is_named(course, tmp_path, tables, complaint):
    with pytest.raises(CourseError, match=complaint):
        with_tables(course, tmp_path, tables)
