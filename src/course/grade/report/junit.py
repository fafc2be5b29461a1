"""Scorecards as JUnit XML, which CI systems and many tools read."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from course.grade.books.grades import BookGrades
from course.grade.marking.scorecard import Scorecard
from course.grade.report.parts import rows_of

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
OUTCOMES = {  # by a row's status; any other is a failure
    "passed": "passed",
    "error": "error",
    "timeout": "error",
    "skipped": "skipped",
    "manual": "skipped",
}


def junit_xml(cards: Sequence[Scorecard], grades: Mapping[str, BookGrades] | None = None) -> str:
    """One test suite per student, one test case per probe, for the student's own tests and per
    graded cell of the notebook; what a person has yet to grade counts as skipped. `grades` is what
    the gradebook has, by student."""
    root = ElementTree.Element("testsuites", name="minigrad")
    for card in cards:
        root.append(_suite(card, (grades or {}).get(card.student)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(card: Scorecard, grades: BookGrades | None) -> ElementTree.Element:
    rows = list(rows_of(card, grades))
    outcomes = Counter(OUTCOMES.get(row.status, "failure") for row in rows)
    attributes = {
        "name": _text(card.student),
        "tests": str(len(rows)),
        "failures": str(outcomes["failure"]),
        "errors": str(outcomes["error"]),
        "skipped": str(outcomes["skipped"]),
        "time": f"{card.timing.get('cpu_seconds', 0):.3f}",
    }
    suite = ElementTree.Element("testsuite", attributes)
    for row in rows:
        place = {"classname": f"phase{card.phase}.{row.group}", "name": _text(row.name)}
        case = ElementTree.SubElement(suite, "testcase", place)
        outcome = OUTCOMES.get(row.status, "failure")
        if outcome == "skipped":
            ElementTree.SubElement(case, outcome, message=_text(row.message))
        elif outcome != "passed":
            ElementTree.SubElement(case, outcome, type=row.status, message=_text(row.message))
    return suite


def _text(text: str) -> str:
    return NOT_XML.sub("?", text)
