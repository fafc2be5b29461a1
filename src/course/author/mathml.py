"""A Sphinx extension: formulas as MathML, written at build time, so that no page needs a script.

latex2mathml does the translation; browsers draw MathML by themselves.
"""

from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from latex2mathml.converter import convert


def visit_inline(writer: Any, node: nodes.math) -> None:
    """Write an inline formula."""
    writer.body.append(convert(node.astext(), display="inline"))
    raise nodes.SkipNode


def visit_block(writer: Any, node: nodes.math_block) -> None:
    """Write a displayed formula, which may scroll on a narrow screen."""
    formula = convert(node.astext(), display="block")
    writer.body.append(f'<div class="math-block">{formula}</div>')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, Any]:
    """Register the renderer "mathml" (Sphinx calls this)."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
