"""The page of a term: every student's points in each phase, and what they come to."""

from statistics import mean, median

from course.grade.report.pages import render
from course.grade.report.term import COUNTING, TermTable

# How a cell without points of its own reads.
SIGNS = {"excused": "EX", "not due": "…", "not graded": "?", "missing": "0"}


def term_page(title: str, table: TermTable) -> str:
    """What a teacher reads of a whole term."""
    percents = [row.percent for row in table.rows if row.percent is not None]
    means = {
        phase.id: mean(shares)
        for phase in table.phases
        if (
            shares := [
                row.cells[phase.id].share
                for row in table.rows
                if row.cells[phase.id].state in (*COUNTING, "dropped")
            ]
        )
    }
    return render(
        "term.html",
        title=title,
        table=table,
        signs=SIGNS,
        used={cell.state for row in table.rows for cell in row.cells.values()},
        means=means,
        mean=mean(percents) if percents else None,
        median=median(percents) if percents else None,
        waiting=sum(cell.waiting for row in table.rows for cell in row.cells.values()),
        late=any(cell.penalty for row in table.rows for cell in row.cells.values()),
    )
