"""A student's Markdown made fit for a page that somebody else opens: formgrader's, or feedback."""

import html
import re
from collections.abc import Mapping
from urllib.parse import unquote

TAG = re.compile(r"<(?=[A-Za-z/!?])")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});", re.ASCII)
ENTITY_LEFT = re.compile(r"&(?=[^\t\n\f <&;]+;)")
# An address that may stay, or what may be the scheme of another: where a link may stand before
# it, and a blank after it.
ADDRESS = re.compile(
    r"(?P<link>[(<>/:]\s*)?(?<![a-z0-9+.\\-])"
    r"(?:(?:https?|mailto|attachment):[\w./~%?=&+,;@:#-]*"
    r"|(?P<scheme>[a-z0-9+.\\-]+):(?P<blank>(?=\s|\Z))?)",
    re.IGNORECASE | re.ASCII,
)
RATIO = "\u2236"  # looks like a colon
ATTACHMENT = re.compile(
    r"(?:<attachment\\?:(?P<angled>[^<>\n]*)>"
    r"|attachment\\?:(?P<plain>(?:[^\s()<>]|\([^\s()<>]*\))*))(?P<end>(?=[\s)]|\Z))?"
)
# Each of them alone does no harm any more; a macro could put any address together.
COMMAND = re.compile(
    r"\\((?:re)?new(?:command|environment)|providecommand|declaremathoperator|newextarrow"
    r"|[egx]?def|(?:future)?let|csname|expandafter|require|href|url|cssid|class|style|data"
    r"|includegraphics|mmltoken|texttip|mathtip|toggle|action|unicode|html\w*)(?![a-z])",
    re.IGNORECASE | re.ASCII,
)
SET_MINUS = "\u2216"  # looks like a backslash
# In the words of one that stays, nothing may end or begin anything.
PICTURE = re.compile(r"!\[(?P<attached>[^\]\[\\\n`$<!]*\]\(\s*<?attachment:)?")


def harmless(text: str, pictures: Mapping[str, str]) -> str:
    """A student's text as one that makes no HTML, and no links but to the web, by mail, and
    to the `pictures` that are attached, by their names here.

    nbgrader's templates put raw HTML of a text cell into the page as it is, and links with
    any scheme. So a blank takes the start of every tag apart, and the colon of a scheme
    becomes a sign that looks like one. Entities, which may stand for either, are resolved.
    Nor may TeX define anything, or make links and attributes; and a picture that is not
    attached becomes a link, since its owner would learn who looks at the page, and when.
    """

    def attached(link: re.Match[str]) -> str:
        name = link["angled"] if link["plain"] is None else link["plain"]
        known = pictures.get(unquote(name)) or pictures.get(name)
        if known and link["end"] is not None:
            return f"attachment:{known}"
        name = name.replace(":", RATIO)  # it may be one more of these
        return f"attachment, not kept: {name}" if name else f"attachment{RATIO}"

    def inert(link: re.Match[str]) -> str:
        scheme, is_prose = link["scheme"] or "", link["blank"] is not None and not link["link"]
        if is_prose or not any(map(str.isalpha, scheme)):
            return link[0]
        return f"{link['link'] or ''}{scheme}{RATIO}"

    text = ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    text = ATTACHMENT.sub(attached, ENTITY_LEFT.sub("& ", text))
    text = ADDRESS.sub(inert, TAG.sub("< ", text))
    return PICTURE.sub(lambda found: found[0] if found["attached"] else "! [", disarmed(text))


def disarmed(text: str) -> str:
    """A text in which the TeX commands that define others, or reach beyond the formula, begin
    with a sign that only looks like a backslash."""
    return COMMAND.sub(lambda found: f"{SET_MINUS}{found[1]}", text)
