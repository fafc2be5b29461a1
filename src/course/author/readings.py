"""What a file says when it is read in every everyday way: as text, as the strings of a JSON
document, unescaped, decoded from base64, base85, base32 or hex, and unpacked.

Every reading is plain text. How deep one packing may lie in another is bounded, and so is what
comes out of each.
"""

import bz2
import contextlib
import html
import io
import json
import lzma
import re
import unicodedata
import zipfile
import zlib
from base64 import a85decode, b32decode, b64decode, b85decode
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote

DEEPEST = 4  # packings in one another
MOST = 8 << 20  # bytes that come out of one packing
MOST_KEPT = 1024  # files whose readings are kept: the trees of two phases are nearly the same
LARGE = 1 << 17  # bytes; larger files are read each time
SHORTEST_BLOB = 24  # characters; fewer hold no line that is secret
# What stands before and after the lines of a wrapped blob, in a comment, a quotation, a string, …
UNWRAPPED = tuple(
    re.compile(rf"[^\S\n]*[\"'|,\\)]*[^\S\n]*\n(?:[^\S\n]*(?:[{signs}]|//|\d+[:|.)]))*[^\S\n]*")
    for signs in ("\"'#>|*", "\"'#>|*+-")  # + and - may belong to the blob
)
SIMPLE = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,6}")
LONG_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3}))")
DENSE = re.compile(r"[!-~]{40,}")
PAIRS = re.compile(r"(?:(?:0x|\\x|%|=)?[0-9a-fA-F]{2}[\s,:;]{0,2}){24,}")
NUMBERS = re.compile(r"(?:\d{1,3}[,;]?\s+){24,}\d{1,3}")
QUOTED_PRINTABLE = re.compile(r"=([0-9A-F]{2})")
SOFT_BREAK = re.compile(r"=\r?\n")
ESCAPES = {"\\n": "\n", "\\t": "\t", "\\r": "\n", '\\"': '"', "\\'": "'", "\\\\": "\\"}
ESCAPE = re.compile(r"\\[ntr\"'\\]")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
UNPACKERS: tuple[tuple[bytes, Callable[[], object]], ...] = (
    (b"\x1f\x8b", lambda: zlib.decompressobj(31)),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ", lzma.LZMADecompressor),
    (b"\x5d\0\0", lzma.LZMADecompressor),
    (b"x", lambda: zlib.decompressobj()),
    (b"", lambda: zlib.decompressobj(-15)),
)


def readings(data: bytes) -> Iterable[str]:
    """`data` as text, and as whatever is written or packed inside it, each text once."""
    return _kept_readings(data) if len(data) <= LARGE else dict.fromkeys(_readings(data))


@lru_cache(MOST_KEPT)
def _kept_readings(data: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_readings(data)))


def _readings(data: bytes, depth: int = DEEPEST) -> Iterator[str]:
    """Every reading, some of them more than once."""
    text = _text(data)
    if text is not None:
        yield from _of_text(text, depth)
    if depth:
        for inner in _unpacked(data):
            yield from _readings(inner, depth - 1)


def _text(data: bytes) -> str | None:
    """`data` as text, or None if it is none."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data[1:8:2] == b"\0\0\0\0":
        return data.decode("utf-16-le", "replace")
    if data[:8:2] == b"\0\0\0\0":
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        few = data[:400]
        plain = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in few)
        return data.decode("latin-1") if plain > 0.8 * len(few) else None


def _of_text(text: str, depth: int) -> Iterator[str]:
    """A text, the same without what hides its letters, and what is encoded in it."""
    text = text.replace("\r\n", "\n")
    yield text
    if not text.isascii():
        yield INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    if text.lstrip()[:1] in ("{", "["):
        yield from _strings(text)
    if "\\" in text:
        once = ESCAPE.sub(lambda found: ESCAPES[found[0]], text)
        yield once
        yield LONG_ESCAPE.sub(_character, once)
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield unquote(text)
    if "=" in text and QUOTED_PRINTABLE.search(text):
        soft = SOFT_BREAK.sub("", text)
        yield QUOTED_PRINTABLE.sub(lambda found: chr(int(found[1], 16)), soft)
    if depth:
        seen: set[bytes] = set()
        for found in _decoded(text):
            if len(found) >= SHORTEST_BLOB // 2 and found not in seen:
                seen.add(found)
                yield from _readings(found, depth - 1)


def _character(found: re.Match[str]) -> str:
    octal = found[3]
    return chr(int(octal, 8) if octal else int(found[1] or found[2], 16))


def _strings(text: str) -> Iterator[str]:
    """The strings of a JSON document, lists of strings joined as a notebook's are."""
    try:
        pending: list[object] = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    whole = []
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            whole.append(value)
        elif isinstance(value, list):
            pending.extend(reversed(value))
        elif isinstance(value, dict):
            pending.extend(reversed(value.values()))
    yield "\n".join(whole)


def _decoded(text: str) -> Iterator[bytes]:
    """What may be decoded from stretches of a text, wrapped ones joined."""
    for stretch in _stretches(text):
        for found in SIMPLE.findall(stretch):
            yield from _from_letters(found)
        for found in DENSE.findall(stretch):
            yield from _from_dense(found)
    for match in PAIRS.finditer(text):
        digits = "".join(re.findall(r"[0-9a-fA-F]{2}", match[0].replace("0x", "")))
        yield bytes.fromhex(digits)
    for match in NUMBERS.finditer(text):
        numbers = list(map(int, re.findall(r"\d+", match[0])))
        if max(numbers) < 256:
            yield bytes(numbers)


def _stretches(text: str) -> Iterator[str]:
    """Lines without a blank inside, each alone, and neighbors among them as one."""
    for breaks in UNWRAPPED:
        yield from _joined(breaks.sub("\n", f"\n{text}\n").split("\n"))


def _joined(rows: list[str]) -> Iterator[str]:
    block: list[str] = []
    for row in rows:
        if len(row) >= SHORTEST_BLOB:
            yield row
        if row and " " not in row:
            block.append(row)
            continue
        if len(block) > 1:
            yield "".join(block)
        block = []
    if len(block) > 1:
        yield "".join(block)


def _from_letters(found: str) -> Iterator[bytes]:
    """What letters and digits encode, in base64, base32 or hex."""
    bare = found.rstrip("=")
    usual = bare.replace("-", "+").replace("_", "/")
    yield b64decode(usual + "=" * (-len(usual) % 4)) if len(usual) % 4 != 1 else b""
    if bare.upper() in (bare, bare.swapcase()) and bare.isalnum():
        with contextlib.suppress(ValueError):
            yield b32decode(bare + "=" * (-len(bare) % 8), casefold=True)
        with contextlib.suppress(ValueError):
            yield bytes.fromhex(bare)


def _from_dense(found: str) -> Iterator[bytes]:
    """What a run of printing characters encodes, in one of the two kinds of base85."""
    for bare in {found, found.strip("\"'"), found[2:-1]}:
        for decode in (b85decode, a85decode):
            try:
                yield decode(bare.removeprefix("<~").removesuffix("~>").encode())
            except ValueError:
                continue


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What is compressed in `data`, or lies in a zip; what is broken ends early."""
    if data.startswith(b"PK\x03\x04"):
        yield from _members(data)
        return
    for magic, unpacker in UNPACKERS:
        if not data.startswith(magic):
            continue
        try:
            out = unpacker().decompress(data, MOST)  # type: ignore[attr-defined]
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
            continue
        if len(out) >= SHORTEST_BLOB:
            yield out
            return


def _members(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                with archive.open(member) as file:
                    yield file.read(MOST)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, zlib.error):
        return
