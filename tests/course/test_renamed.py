"""Files under nearly the right name or place are taken, and told; or refused with a true reason."""

import io
import json
import zipfile

import nbformat
import pytest

from course.grade.intake.cells import cells_of
from course.grade.intake.renamed import meant_by, plain_name
from course.grade.intake.submission import Wanted, take_in, take_one, wanted_files

SCALAR = "src/minigrad/scalar.py"
TESTS = "tests/student/test_04_backward.py"
NOTEBOOK = "notebooks/04-backward.ipynb"
WANTED = Wanted((SCALAR, TESTS, NOTEBOOK), 4096)
EMPTY = nbformat.writes(nbformat.v4.new_notebook())
CODE = "x = 1\n"


def packed(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def handed_in(tmp_path, members):
    (tmp_path / "ann.zip").write_bytes(packed(members))
    return take_one(tmp_path / "ann.zip", WANTED)


@pytest.mark.parametrize(
    "path",
    [
        "src/minigrad/scalar (1).py",
        "src/minigrad/scalar-1.py",
        "src/minigrad/Scalar.py",
        "src/minigrad/scalar.py.txt",
        "src/minigrad/scalar (1).py.txt",
        "src/minigrad/scalar - Copy (2).py",
        "src/minigrad/scalar copy.py",
        "Src/MiniGrad/scalar.py",
        "my work/minigrad/scalar.py",
        "ann/mine/src/minigrad/scalar.py",
        "ann/mine/Scalar-2.py",
        "scalar (1).py",
    ],
)
def test_a_renamed_file_is_taken_with_a_flag_that_says_so(tmp_path, path):
    found = handed_in(tmp_path, {path: CODE})
    assert found.files == {SCALAR: CODE}
    assert found.flags == (f"took {path} for {SCALAR}; please look",)


@pytest.mark.parametrize(
    "path",
    [
        "notebooks/04-backward-Copy1.ipynb",
        "04-backward (1).ipynb",
        "04-Backward-Copy2.ipynb",
        "notebooks/04-backward.ipynb.txt",
        "notebooks/04-backward.ipynb.json",
        "a/b/notebooks/04-backward.ipynb",
    ],
)
def test_a_renamed_notebook_is_taken_with_a_flag_that_says_so(tmp_path, path):
    found = handed_in(tmp_path, {SCALAR: CODE, path: EMPTY})
    assert found.notebook == EMPTY.encode()
    assert found.flags == (f"took {path} for {NOTEBOOK}; please look",)


def notebook(*ids):
    cells = [
        nbformat.v4.new_code_cell("x = 1", metadata={"nbgrader": {"grade_id": one}}) for one in ids
    ]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells))


def test_a_notebook_of_any_name_is_taken_by_its_cells(tmp_path, course):
    phase = course.phase("04")
    wanted = wanted_files(course, phase)
    ours = (course.root / phase.notebook).read_text(encoding="utf-8")
    path, other = "my notebook final.ipynb", "my other notebook.ipynb"

    def taken(**members):
        (tmp_path / "ann.zip").write_bytes(packed({SCALAR: CODE, **members}))
        return take_one(tmp_path / "ann.zip", wanted)

    found = taken(**{path: ours, "scratch.ipynb": notebook("mine")})
    assert found.notebook == ours.encode()
    assert found.flags == (f"took {path} for {NOTEBOOK}; please look",)
    found = taken(**{path: EMPTY})
    assert found.notebook is None
    assert found.flags == (f"{NOTEBOOK} is missing; there is {path}, not taken",)
    some = sorted(wanted.cells)[:1]
    found = taken(**{path: ours, other: notebook(*some)})
    assert found.notebook is None
    assert found.flags == (
        f"{NOTEBOOK} is missing, and both may be meant: {path} and {other}; not taken",
    )
    assert taken(**{path: "damaged"}).flags == (
        f"{NOTEBOOK} is missing; there is {path}, not taken",
    )
    assert taken(**{"notebooks/03-arithmetic.ipynb": notebook("mine")}).flags == ()
    assert taken(**{NOTEBOOK: EMPTY, path: ours}).flags == ()


def test_tests_are_taken_from_where_they_can_only_be_the_students(tmp_path):
    path = "tests/student/test_04_backward (1).py"
    assert handed_in(tmp_path, {path: CODE}).files == {TESTS: CODE}
    found = handed_in(tmp_path, {SCALAR: CODE, "tests/visible/test_04_backward.py": CODE})
    assert found.files == {SCALAR: CODE}


def test_of_several_versions_none_is_guessed_unless_they_are_equal(tmp_path):
    two = {"src/minigrad/scalar (1).py": CODE, "src/minigrad/scalar (2).py": "x = 2\n"}
    found = handed_in(tmp_path, two)
    assert found.files == {}
    assert found.flags == (
        f"{SCALAR} is missing, and both may be meant: {' and '.join(two)}; not taken",
    )
    found = handed_in(tmp_path, dict.fromkeys(two, CODE))
    assert found.files == {SCALAR: CODE}


def test_a_copy_that_differs_is_named_beside_what_counts(tmp_path):
    copy = "src/minigrad/scalar-1.py"
    assert handed_in(tmp_path, {SCALAR: CODE, copy: CODE}).flags == ()
    found = handed_in(tmp_path, {SCALAR: CODE, copy: "x = 2\n"})
    assert found.files == {SCALAR: CODE}
    assert found.flags == (f"took {SCALAR}, and not {copy}, which holds something else",)


def test_a_name_that_is_nearly_right_is_told(tmp_path):
    found = handed_in(tmp_path, {"src/minigrad/scaler.py": CODE})
    assert found.files == {}
    assert found.flags == (f"{SCALAR} is missing; there is src/minigrad/scaler.py, not taken",)


@pytest.mark.parametrize("place", ["solutions", ".minigrad", "venv/site-packages", "tests/hidden"])
def test_what_others_wrote_is_not_taken_for_a_students(tmp_path, place):
    assert handed_in(tmp_path, {f"{place}/scalar.py.txt": CODE}).files == {}


def test_a_zip_in_a_zip_is_opened(tmp_path):
    found = handed_in(tmp_path, {"work.zip": packed({SCALAR: CODE})})
    assert (found.files, found.flags) == ({SCALAR: CODE}, ())
    folder = tmp_path / "class" / "ann"
    folder.mkdir(parents=True)
    (folder / "upload.zip").write_bytes(packed({"work.zip": packed({SCALAR: CODE})}))
    (found,) = take_in([tmp_path / "class"], WANTED)
    assert (found.student, found.files) == ("ann", {SCALAR: CODE})
    deep = packed({"b.zip": packed({"a.zip": packed({SCALAR: CODE})})})
    found = handed_in(tmp_path, {"c.zip": deep})
    assert found.files == {} and "hand in one zip" in found.flags[0]


def test_ones_own_folder_with_a_renamed_file_is_one_student(tmp_path):
    (tmp_path / "scalar (1).py").write_text(CODE)
    (found,) = take_in([tmp_path], WANTED)
    assert (found.student, found.files) == (tmp_path.name, {SCALAR: CODE})


def test_no_wanted_file_looks_like_another(course):
    names = {
        name for phase in course.phases for name in (*course.owned_files(phase), *phase.handed_in)
    }
    for name in names:
        assert plain_name(name) == name
        assert meant_by(name.split("/"), names - {name}) is None


def old_notebook():
    cells = [
        nbformat.v3.new_text_cell("markdown", "because"),
        nbformat.v3.new_code_cell("x = 1", metadata={"nbgrader": {"grade_id": "order"}}),
    ]
    sheet = nbformat.v3.new_worksheet(cells=cells)
    return nbformat.v3.writes_json(nbformat.v3.new_notebook(worksheets=[sheet])).encode()


def test_a_notebook_of_format_3_is_converted_and_told(tmp_path):
    found = handed_in(tmp_path, {SCALAR: CODE, NOTEBOOK: old_notebook()})
    cells, damaged = cells_of(found.notebook)
    assert [(cell.kind, cell.source, cell.id) for cell in cells] == [
        ("markdown", "because", ""),
        ("code", "x = 1", "order"),
    ]
    assert damaged == 0
    assert found.flags == (f"{NOTEBOOK} is of the older notebook format 3; it was converted",)


@pytest.mark.parametrize(
    "broken",
    [{"worksheets": 7}, {"worksheets": [{"cells": [7]}]}, {"worksheets": [[]], "a": "\ud800"}],
)
def test_a_damaged_old_notebook_is_a_flag(tmp_path, broken):
    data = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, **broken})
    found = handed_in(tmp_path, {SCALAR: CODE, NOTEBOOK: data})
    assert len(found.flags) == 1 and "older notebook format" in found.flags[0]
