"""A slider where there is a page to move it, a still elsewhere."""

import sys
from types import SimpleNamespace

import pytest

from minigrad import viz
from minigrad.sliders import slide


def picture(h):
    return viz.plot({"a": [(0, 0), (1, h)]}, f"h = {h}")


def test_without_a_kernel_there_is_one_picture_and_a_way_to_more(capsys):
    assert slide(picture, [0.5, 1.0, 2.0], 1.0, "h") == picture(1.0)
    said = capsys.readouterr().out
    assert "at h = 1." in said and "%pip install ipywidgets" in said


@pytest.fixture
def kernel(monkeypatch):
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))


def test_in_a_kernel_without_ipywidgets_too(kernel, monkeypatch, capsys):
    monkeypatch.setattr("minigrad.sliders.find_spec", lambda name: None)
    assert slide(picture, [0.5, 1.0], 0.5, "h") == picture(0.5)
    assert "ipywidgets" in capsys.readouterr().out


def test_in_a_kernel_a_slider_draws_what_it_is_moved_to(kernel, monkeypatch, capsys):
    moved = []
    made = SimpleNamespace(
        SelectionSlider=lambda **options: options,
        interact=lambda draw, **sliders: moved.append((draw, sliders)),
    )
    monkeypatch.setattr("minigrad.sliders.find_spec", lambda name: made)
    monkeypatch.setitem(sys.modules, "ipywidgets", made)
    assert slide(picture, [0.5, 1.0], 0.5, "step h") is None
    ((draw, sliders),) = moved
    assert draw is picture and sliders.keys() == {"h"}
    assert sliders["h"]["options"] == [("0.5", 0.5), ("1", 1.0)]
    assert (sliders["h"]["value"], sliders["h"]["description"]) == (0.5, "step h")
    assert capsys.readouterr().out == ""


def test_a_start_that_is_not_among_the_values_is_refused():
    with pytest.raises(ValueError, match="h starts at 3"):
        slide(picture, [0.5, 1.0], 3, "h")
