"""SVG as text, given to you: the sheet that a picture is drawn on, its colors, its words.

A picture follows the reader's light or dark scheme. The colors are those of Okabe and Ito,
which the color-blind can tell apart; no picture says a thing by color alone.
"""

from collections.abc import Sequence
from html import escape

COLORS = ("blue", "orange", "green", "pink", "sky", "yellow")
LABEL = 14  # the longest label, in characters
FITS = 763  # up to this width, 12 px are no less than 11 on a page of 700; wider ones are scrolled
STYLE = """<style>
.mg{--paper:#ffffff;--ink:#1b1f24;--soft:#59636e;--line:#c3cad2;--box:#f4f6f8;--op:#e3ecf7;
--blue:#0072b2;--orange:#d55e00;--green:#008f68;--pink:#b5588f;--sky:#2a8fc9;--yellow:#9a7d00;
--cool:#cfe3f3;--warm:#fbdcc4;--grad:#b04300}
@media (prefers-color-scheme:dark){.mg{--paper:#15191e;--ink:#eef1f4;--soft:#a5b0bc;--line:#4a545f;
--box:#222931;--op:#1d3550;--blue:#56b4e9;--orange:#ff8f3f;--green:#2fc79a;--pink:#e08abf;
--sky:#8ccdf2;--yellow:#e5c53b;--cool:#16324a;--warm:#5a3315;--grad:#ffa666}}
.mg text{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:var(--ink)}
.mg .soft{fill:var(--soft)}.mg .grad{fill:var(--grad)}.mg .paper{fill:var(--paper)}
.mg .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px}
</style>"""


def sheet(width: float, height: float, parts: Sequence[str], caption: str) -> str:
    """A whole picture of this many pixels; `caption` is read out instead of it."""
    shrinks = "max-width:100%;" if width <= FITS else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mg" role="img" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" style="{shrinks}height:auto">'
        f"<title>{clean(caption)}</title>{STYLE}"
        f'<rect class="paper" width="{width:g}" height="{height:g}" rx="6"/>{"".join(parts)}</svg>'
    )


def text(
    x: float,
    y: float,
    words: str,
    size: float = 12,
    kind: str = "",
    anchor: str = "start",
    weight: int = 400,
    extra: str = "",
) -> str:
    """Words on their base line; `kind` is a class of STYLE, such as "soft"."""
    if not words:
        return ""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    kind = f' class="{kind}"' if kind else ""
    more = f" {extra}" if extra else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}"{bold}{kind}{more}>'
        f"{clean(words)}</text>"
    )


def circle(x: float, y: float, radius: float, color: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="var(--{color})"/>'


def block(x: float, y: float, width: float, height: float, color: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="var(--{color})"/>'
    )


def clean(words: str) -> str:
    """Any text as harmless XML text."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words))


def short(words: object, length: int = LABEL) -> str:
    """The words of anything, cut to some length."""
    whole = str(words)
    return whole if len(whole) <= length else whole[: max(length - 1, 0)] + "…"


def number(value: object) -> str:
    """Four digits of a number, with a real minus; of anything else its first words."""
    if not isinstance(value, (int, float)):
        return short(value, 10)
    return f"{value:.4g}".replace("-", "−")
