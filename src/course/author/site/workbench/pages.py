"""The workbench's pages, and what makes them work without a network, written into a built site."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from course.author.site.order import steps, strip
from course.author.site.workbench.bundle import files_of, needs_numpy, packed, workbench_tree
from course.author.site.workbench.node import WEB, bundle_scripts
from course.author.site.workbench.wheels import NumPy, download_wheels, is_for_testing, numpy_from
from course.git import Tree
from course.learn.search import is_searched
from course.syllabus import Course, Phase

FOLDER = "workbench"  # in the site
CORE = "pyodide-"  # what the folder of Python's core begins with
SERVICE_WORKER = "service-worker.js"
TEMPLATE = Path(__file__).with_name("page.html")
CELLS = {  # what the box of one's own begins with
    "00": """from minigrad.start import change

change(lambda x: x * x, 3.0, 0.1)
""",
    "01": """from minigrad.gradcheck import derivative

derivative(lambda x: x * x, 3.0)
""",
}
CELL = """from minigrad.scalar import Value

a, b = Value(2.0), Value(3.0)
y = a * b + a
y
"""
STEPS = """from minigrad.player import Player, pass_ways
from minigrad.scalar import Value, topological_order

a, b = Value(2.0, label="a"), Value(3.0, label="b")
u = a * b
u.label = "u"
y = u + a
y.label = "y"
Player("The pass, by your own rules", pass_ways(y, topological_order(y)))
"""
TRAINING = """import random
from minigrad.data import names
from minigrad.lm import Gpt, Vocabulary, sample, train
from minigrad.optim import Adam

training, held_out = names()
vocabulary = Vocabulary(training)
gpt = Gpt(len(vocabulary), rng=random.Random(0))
optimizer = Adam(gpt.parameters(), lr=0.02, betas=(0.85, 0.99))
losses = train(gpt, training, vocabulary, optimizer, 500)
watch(losses, lambda: ", ".join(sample(gpt, vocabulary, random.Random(n)) for n in range(5)))
"""
TRAINED = "src/minigrad/lm.py"  # a phase with this file begins with a training to watch
BACKWARD = "04"  # from this phase on a cell begins with a backward pass, step by step
START = '<a href="../theory/00-start.html">Start here</a>'


@dataclass(frozen=True)
class Parts:
    """What a page is made of beside the phase: the names of the scripts, the learner's tree and
    its zip, the wheels for Python, those only for tests of one's own, and NumPy."""

    names: Mapping[str, Any]
    tree: Tree
    bundle: str
    numpy: NumPy
    wheels: Sequence[str] = ()
    testing: Sequence[str] = ()


def build_workbench(course: Course, out: Path, numpy: str | None = None) -> None:
    """Write the workbench into a built site; `numpy` says where its phases that need NumPy get
    it, as in `numpy_from`. Raises CourseError where Node, npm or a package that they need is
    missing, or a wheel is another."""
    folder = out / FOLDER
    folder.mkdir()
    names = bundle_scripts(course.root, folder)
    tree = workbench_tree(course)
    data = packed({name: file.data for name, file in tree.items()})
    bundle = f"course-{sha256(data).hexdigest()[:8]}.zip"
    (folder / bundle).write_bytes(data)
    every = [Path(shutil.copy(path, folder)).name for path in download_wheels(course.root)]
    testing = [name for name in every if is_for_testing(name)]
    wheels = [name for name in every if name not in testing]
    library = numpy_from(course.root, numpy)
    further = [Path(shutil.copy(library.file, folder)).name] if library.file else []
    parts = Parts(names, tree, bundle, library, wheels, testing)
    for phase in course.stages:
        (folder / f"{phase.slug}.html").write_text(page(course, phase, parts), encoding="utf-8")
    files = {
        "pages": [f"{phase.slug}.html" for phase in course.stages],
        "small": [names["page"], names["style"], names["worker"], bundle, *wheels],
        "core": [*_core_files(names), *testing, *further],
    }
    script = (WEB / "src" / SERVICE_WORKER).read_text(encoding="utf-8")
    text = f"const FILES = {json.dumps(files, indent=1)};\n\n{script}"
    (folder / SERVICE_WORKER).write_text(text, encoding="utf-8")


def _core_files(names: Mapping[str, Any]) -> list[str]:
    """Where the files of Python's core lie, beside the pages."""
    core = names["core"]
    return [f"{core['folder']}/{name}" for name in core["files"]]


def is_library(name: str) -> bool:
    """Whether a file of a site is a library's, as npm and pip gave it: bytes whose hash one of
    the two lock files pins, nothing of ours."""
    return name.startswith(f"{FOLDER}/") and (name.endswith(".whl") or f"/{CORE}" in name)


def page(course: Course, phase: Phase, parts: Parts) -> str:
    """A phase's page."""
    core, tree, numpy = parts.names["core"], parts.tree, parts.numpy
    needs = needs_numpy(phase, tree)
    given = [numpy.name] if needs and numpy.file else []
    settings = {
        "phase": {"id": phase.id, "slug": phase.slug, "title": phase.title},
        "root": "../",
        "files": [
            {"path": name, "text": tree[name].data.decode()} for name in files_of(course, phase)
        ],
        "worker": parts.names["worker"],
        "core": f"{core['folder']}/",
        "coreFiles": _core_files(parts.names),
        "bundle": parts.bundle,
        "serviceWorker": SERVICE_WORKER,
        "memory": course.limits.memory_mib,
        "cell": _cell(phase),
        "searched": is_searched(phase),
        "wheels": [*parts.wheels, *given],
        "testing": list(parts.testing) if phase.has_notebook else [],
        "next": list(_next(course, phase)),
        "numpy": _asked_for(numpy) if needs and not given else None,
    }
    elsewhere = urlsplit(numpy.address)
    origin = f"{elsewhere.scheme}://{elsewhere.netloc}" if settings["numpy"] else ""
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(f"{phase.id} {phase.title}"),
        course=escape(course.title),
        style=parts.names["style"],
        script=parts.names["page"],
        place=f"{FOLDER}/{phase.slug}.html",
        strip=_links(course, phase),
        elsewhere=escape(f" {origin}" if numpy.address and origin else ""),
        settings=json.dumps(settings).replace("<", "\\u003c"),
    )


def _asked_for(numpy: NumPy) -> dict[str, str]:
    """What a page knows of a NumPy that is not in the site."""
    return {"name": numpy.name, "sha256": numpy.sha256, "address": numpy.address}


def _links(course: Course, phase: Phase) -> str:
    """The steps of the phase that the page belongs to."""
    chapter = course.phase(phase.id.removesuffix("p")) if phase.is_problem_set else phase
    if phase.is_warmup:
        return f'<nav class="steps"><ol><li>{START}</li></ol></nav>'
    return strip(steps(course, chapter), f"Phase {chapter.id}", "../")


def _next(course: Course, phase: Phase) -> Iterator[dict[str, str]]:
    """The pages to go to once all of a phase passes."""
    if phase.has_notebook:
        yield {"href": f"../quiz/{phase.slug}.html", "title": f"Quiz {phase.id}"}
    later = (p for p in course.chapters if p.id > phase.id)
    if (chapter := next(later, None)) is not None:
        address = f"../{chapter.theory.removesuffix('.md')}.html"
        yield {"href": address, "title": f"{chapter.id} {chapter.title}"}


def _cell(phase: Phase) -> str:
    """What the box of one's own begins with."""
    if TRAINED in phase.files:
        return TRAINING
    graph = STEPS if phase.id >= BACKWARD else CELL
    return CELLS.get(phase.id.removesuffix("p"), graph)
