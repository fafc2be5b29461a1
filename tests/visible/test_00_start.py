"""The probe of the warm-up. It observes; the judge compares with the reference."""

from course.observe import probe
from minigrad.start import change


@probe(task="change", concept="change", points=0)
def test_change(observe):
    """x² from 3 to 3.1 and from 3 to 2; 10 − x from 4 to 4.5."""
    observe("x² from 3 to 3.1", change(lambda x: x * x, 3.0, 0.1), rtol=1e-9)
    observe("x² from 3 to 2", change(lambda x: x * x, 3.0, -1.0), rtol=1e-9)
    observe("10 − x from 4 to 4.5", change(lambda x: 10 - x, 4.0, 0.5), rtol=1e-9)
