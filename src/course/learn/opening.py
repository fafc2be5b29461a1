"""The commands that bring and open what one reads and works in: releases, pages, notebooks."""

import argparse

from course.cli import Commands
from course.words import MINIGRAD


def add(commands: Commands, phase: str) -> None:
    """Declare them; `phase` is the help text for a phase's name."""
    commands.add("update", update, "fetch what the course has released since, and merge it")
    parser = commands.add("read", read, "open the course's pages in your browser")
    parser.add_argument("phase", nargs="?", help="default: the first page")
    parser = commands.add("open", open_notebook, "open a phase's notebook in JupyterLab")
    parser.add_argument("phase", help=phase)


def update(options: argparse.Namespace) -> int:
    """Fetch what the course has released and merge it with your own commits; then say what is
    new. Your own files stay as they are."""
    from course.learn.show_update import show_update
    from course.learn.update import update as bring
    from course.manifest import load_course

    brought = bring(load_course())
    show_update(load_course(), brought)
    return 0


def read(options: argparse.Namespace) -> int:
    """Open the course's web site at a phase's theory. It lies on this machine: nothing is
    loaded from the network. The path is printed, for a browser elsewhere."""
    import webbrowser

    from course.learn.pages import page
    from course.manifest import load_course

    course = load_course()
    path = page(course, course.stage(options.phase) if options.phase else None)
    print(path)
    if not webbrowser.open(path.as_uri()):
        print("no browser was found here; open that file in yours")
    return 0


def open_notebook(options: argparse.Namespace) -> int:
    """Start JupyterLab on a phase's notebook."""
    import subprocess
    import sys
    from importlib.util import find_spec

    from course.errors import CourseError
    from course.learn.missing import way_back
    from course.manifest import load_course

    course = load_course()
    phase = course.opened(options.phase)
    if not phase.has_notebook:
        page = phase.lab if phase.is_problem_set else phase.theory
        raise CourseError(f"{phase.id} has no notebook; read {page}")
    path = course.root / phase.notebook
    if not path.is_file():
        raise CourseError(way_back(course, phase.notebook, [phase]))
    if find_spec("jupyterlab") is None:
        raise CourseError(f"JupyterLab is not here yet; this brings it: {MINIGRAD} open {phase.id}")
    print(f"JupyterLab opens {phase.notebook} in your browser; Ctrl-C ends it.", flush=True)
    quiet = "--Application.log_level=ERROR"  # the address to open by hand is still shown
    return subprocess.call([sys.executable, "-m", "jupyterlab", quiet, str(path)])
