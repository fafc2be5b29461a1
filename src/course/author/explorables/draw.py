"""Drawing every explorable figure of the course."""

import runpy
from collections.abc import Iterator

from course.author.explorables.book import Player, Step, Way
from course.author.explorables.passes import backward_pass
from course.implementation import installed, reference
from course.syllabus import Course

SOURCE = "solutions/explorables.py"
PASS = "04-pass"


def explorables(course: Course) -> Iterator[tuple[str, Player]]:
    """By the name of the figure under which it stands, each of them."""
    script = course.root / SOURCE
    if not script.is_file():
        return
    with installed(reference(course.root)):
        made = {name: draw() for name, draw in runpy.run_path(str(script))["EXPLORABLES"].items()}
    for name, (title, ways) in made.items():
        yield (
            name,
            Player(
                title,
                [
                    Way(way, [Step(drawing.svg, said, place) for drawing, said, place in steps])
                    for way, steps in ways.items()
                ],
                "slider",
            ),
        )
    yield PASS, backward_pass(course)
