"""Which table says where a student's Git remote is."""

import pytest
from trees import git

from course.cli import main
from course.grade.intake.fetch import from_git
from course.grade.roster import Person, Roster

SCALAR = "src/minigrad/scalar.py"
TABLES = {
    "plain": "ann,{folder}/04-ann-e\n",
    "the class's roster": "id,name,git\nann,Ann,ann-e\nbob,Bob,\n",
    "GitHub Classroom": "identifier,github_username,github_id,name\nann,ann-e,17,Ann\nbob,,,\n",
    "Classroom 50": "username,first_name,last_name,email\nann-e,Ann,E,ann@example.org\n",
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_every_table_of_remotes_is_read(course, tmp_path, table, encoding, delimiter):
    clone = tmp_path / "04-ann-e"
    (clone / SCALAR).parent.mkdir(parents=True)
    (clone / SCALAR).write_text("who = 'ann'\n")
    git(tmp_path, "init", "-q", str(clone))
    git(clone, "add", ".")
    git(clone, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "work")
    text = TABLES[table].replace(",", delimiter).replace("{folder}", str(tmp_path))
    (tmp_path / "list.csv").write_text(text, encoding=encoding)
    roster = Roster((Person("ann", git="Ann-E"),))
    pattern = f"{tmp_path}/04-{{git}}"
    arrived, told = from_git(course, course.phase("04"), tmp_path / "list.csv", pattern, roster)
    assert ([one.student for one in arrived], told) == (["ann"], [])


def test_accounts_alone_say_what_is_missing(tmp_path, capsys):
    (tmp_path / "list.csv").write_text(TABLES["the class's roster"])
    args = ["collect", "04", "--git", str(tmp_path / "list.csv"), "--out", str(tmp_path / "out")]
    assert main(args) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "list.csv:2: ann-e is an account" in said and "--remote 'https://" in said
