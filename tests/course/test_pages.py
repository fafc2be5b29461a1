"""`minigrad read`: the site of this tree, the one that was released, or what to do for one."""

import pytest
from trees import git

from course.cli import main
from course.errors import CourseError
from course.git import File, write_commit, write_tree
from course.learn.pages import page
from course.manifest import load_course

NAMES = ("index", "theory/04-backward", "lab/04p-problems")


@pytest.fixture
def clone(course, tmp_path):
    """A learner's tree as far as it matters here: the manifest, two texts, git."""
    for name in ("course.toml", "theory/00-start.md", "theory/04-backward.md"):
        path = tmp_path / "clone" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((course.root / name).read_bytes())
    git(tmp_path, "init", "-q", "-b", "student", str(tmp_path / "clone"))
    return load_course(tmp_path / "clone")


def release(clone, text, ref="refs/remotes/origin/site"):
    """A released site whose pages hold a text."""
    tree = {f"{name}.html": File(text.encode()) for name in NAMES}
    commit = write_commit(clone.root, write_tree(clone.root, tree), None, "The site", 10**9)
    git(clone.root, "update-ref", ref, commit)


def build(clone):
    folder = clone.root / "build/site"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("built", encoding="utf-8")
    return folder


def test_a_site_that_was_built_here_is_read(clone):
    release(clone, "released")
    folder = build(clone)
    assert page(clone, None) == folder / "index.html"


@pytest.mark.parametrize("ref", ["refs/remotes/origin/site", "refs/heads/site"])
def test_a_site_that_was_released_is_unpacked_once(clone, ref):
    release(clone, "released", ref)
    path = page(clone, clone.phase("04"))
    assert path == clone.root / ".minigrad/site/theory/04-backward.html"
    assert path.read_text(encoding="utf-8") == "released"
    path.write_text("mine", encoding="utf-8")
    assert page(clone, clone.phase("04")).read_text(encoding="utf-8") == "mine"
    assert page(clone, clone.phase("04p")).name == "04p-problems.html"
    assert page(clone, None).name == "index.html"


def test_a_new_release_replaces_what_was_unpacked(clone):
    release(clone, "old")
    old = page(clone, None)
    (old.parent / "gone.html").write_text("old", encoding="utf-8")
    release(clone, "new")
    assert page(clone, None).read_text(encoding="utf-8") == "new"
    assert not (old.parent / "gone.html").exists()
    assert [path.name for path in old.parent.parent.glob("site*")] == ["site"]


def test_without_a_site_it_is_fetched_else_the_text_is_named(clone, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(clone.root)
    assert main(["read", "4"]) == 2
    said = capsys.readouterr().err
    reason = "your course publishes none, or can't be reached"
    assert said == f"minigrad: the site is not here: {reason}; read theory/04-backward.md\n"
    origin = tmp_path / "origin"
    git(tmp_path, "clone", "-q", "--bare", str(clone.root), str(origin))
    git(clone.root, "remote", "add", "origin", str(origin))
    release(load_course(clone.root), "fetched", "refs/heads/elsewhere")
    git(clone.root, "push", "-q", "origin", "refs/heads/elsewhere:refs/heads/site")
    git(clone.root, "branch", "-D", "elsewhere")
    git(clone.root, "update-ref", "-d", "refs/remotes/origin/site")
    assert page(clone, clone.phase("04")).read_text(encoding="utf-8") == "fetched"


def test_authors_are_told_to_build_it(clone):
    (clone.root / "src/course/author").mkdir(parents=True)
    with pytest.raises(
        CourseError,
        match=r"the site is not here; this builds it: \./scripts/minigrad site; read",
    ):
        page(clone, None)


def test_a_page_that_the_site_lacks_is_named(clone):
    build(clone)
    with pytest.raises(CourseError, match=r"build/site has no page theory/05-nonlinear\.html"):
        page(clone, clone.phase("05"))


@pytest.mark.parametrize(("opens", "lines"), [(True, 1), (False, 2)])
def test_the_browser_gets_an_address_of_this_machine(clone, monkeypatch, capsys, opens, lines):
    release(clone, "released")
    asked = []
    monkeypatch.setattr("webbrowser.open", lambda address: asked.append(address) or opens)
    monkeypatch.chdir(clone.root)
    assert main(["read", "backward"]) == 0
    path = clone.root / ".minigrad/site/theory/04-backward.html"
    assert asked == [path.as_uri()] and asked[0].startswith("file:///")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == str(path) and len(said) == lines
