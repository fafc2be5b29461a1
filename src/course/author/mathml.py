"""A Sphinx extension: formulas as MathML, written at build time, so that no page needs a script.

latex2mathml does the translation; browsers draw MathML by themselves.
"""

from typing import Any
from xml.etree import ElementTree as Xml

from docutils import nodes  # type: ignore[import-untyped]
from latex2mathml.converter import convert

MATHML = "http://www.w3.org/1998/Math/MathML"
ROWS = {f"{{{MATHML}}}{name}" for name in ("math", "mrow", "mtd", "mstyle")}
SIGN, NAME = f"{{{MATHML}}}mo", f"{{{MATHML}}}mi"
PRIMES = {"′", "″", "‴"}
TIGHT = {"/", "∂", "|", *PRIMES}  # signs that TeX sets without space around them
LIMITS = {"lim", "max", "min"}  # displayed, these have what is below them below them
SIGNED = {"+", "−", "-"}  # and these where they are the sign of what follows: "(−3, 2)"
CLOSING = {")", "]", "|", "!", *PRIMES}


def mathml(formula: str, display: str) -> str:
    """A formula of LaTeX as MathML, with spaces as TeX sets them: thin ones around the names of
    functions, "y ln 2" and not "yln2"; none around a slash, nor after a minus that is a sign.

    The pages write \\thinspace, since GitHub's Markdown would take the backslash out of "\\,".
    """
    root = Xml.fromstring(convert(formula.replace(r"\thinspace", r"\,"), display=display))
    for script in root.iter(f"{{{MATHML}}}msub"):
        if display == "block" and script[0].text in LIMITS:
            script.tag = f"{{{MATHML}}}munder"
    for script in root.iter(f"{{{MATHML}}}msup"):
        if script[-1].text in PRIMES:  # the font's prime is raised already
            script.tag = f"{{{MATHML}}}mrow"
            script[-1].tag = SIGN
    for row in root.iter():
        if row.tag not in ROWS:
            continue
        parts = list(row)
        _tighten(parts)
        spaced: list[Xml.Element] = []
        for part, following in zip(parts, [*parts[1:], None], strict=True):
            named = part.tag == NAME and len(part.text or "") > 1
            if named and spaced and spaced[-1].tag != SIGN:
                spaced.append(_thin_space())
            spaced.append(part)
            if named and following is not None and following.tag != SIGN:
                spaced.append(_thin_space())
        row[:] = spaced
    Xml.register_namespace("", MATHML)
    return Xml.tostring(root, encoding="unicode")


def _tighten(parts: list[Xml.Element]) -> None:
    """Take the spaces from signs that TeX sets tight; a name such as max is not a sign."""
    for part, before in zip(parts, [None, *parts], strict=False):
        sign = part if part.tag == SIGN else next(iter(part), part)  # of |g|², the second bar
        if sign.tag != SIGN:
            continue
        text = sign.text or ""
        if sign is part and len(text) > 1 and text.isalpha():
            part.tag = NAME
        starts = before is None or (before.tag == SIGN and before.text not in CLOSING)
        if text in TIGHT or (text in SIGNED and starts):
            sign.attrib.update(lspace="0em", rspace="0em")


def _thin_space() -> Xml.Element:
    return Xml.Element(f"{{{MATHML}}}mspace", width="0.17em")


def visit_inline(writer: Any, node: nodes.math) -> None:
    """Write an inline formula."""
    writer.body.append(mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_block(writer: Any, node: nodes.math_block) -> None:
    """Write a displayed formula, which may scroll on a narrow screen."""
    formula = mathml(node.astext(), "block")
    writer.body.append(f'<div class="math-block">{formula}</div>')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, Any]:
    """Register the renderer "mathml" (Sphinx calls this)."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
