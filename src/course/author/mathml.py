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


def mathml(formula: str, display: str) -> str:
    """A formula of LaTeX as MathML, with thin spaces around the names of functions, as TeX
    sets them: "y ln 2", not "yln2".

    The pages write \\thinspace, since GitHub's Markdown would take the backslash out of "\\,".
    """
    root = Xml.fromstring(convert(formula.replace(r"\thinspace", r"\,"), display=display))
    for row in root.iter():
        if row.tag not in ROWS:
            continue
        parts = list(row)
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
