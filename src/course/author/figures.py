"""A Sphinx extension: pictures of plain Markdown as figures.

The pages are written so that GitHub, VS Code and JupyterLab show them too, hence without
directives. A picture alone in its paragraph is a figure; a paragraph in italics under it
is its caption.
"""

from collections.abc import Container
from pathlib import PurePosixPath
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]


def frame(tree: Any, explorables: Container[str] = ()) -> None:
    """Put each picture that stands alone, with the caption under it, into a figure, and a place
    for what can be explored after those of which there is more to see."""
    for paragraph in list(tree.findall(nodes.paragraph)):
        if not _holds_only(paragraph, nodes.image):
            continue
        figure = nodes.figure("", *paragraph.children, align="default")
        tree.note_implicit_target(figure)  # an address, for a link to the picture
        below = paragraph.next_node(siblings=True, descend=False, ascend=False)
        if _holds_only(below, nodes.emphasis):
            figure += nodes.caption("", "", *below.children[0].children)
            below.parent.remove(below)
        name = PurePosixPath(paragraph.children[0]["uri"]).stem
        more = f'<div class="explorable" data-name="{name}"></div>'
        after = [nodes.raw("", more, format="html")] if name in explorables else []
        paragraph.replace_self([figure, *after])


def _holds_only(node: Any, kind: type) -> bool:
    return (
        isinstance(node, nodes.paragraph)
        and len(node.children) == 1
        and isinstance(node.children[0], kind)
    )


def setup(app: Any) -> dict[str, Any]:
    """Frame the figures of every page that is read (Sphinx calls this)."""
    app.add_config_value("explorables", (), "html", (tuple,))
    app.connect("doctree-read", lambda app, tree: frame(tree, app.config.explorables))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
