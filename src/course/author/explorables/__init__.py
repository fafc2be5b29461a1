"""Figures that a reader of the site can step through or turn a number in."""
