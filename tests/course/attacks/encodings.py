"""Everyday ways to write a text down differently: a name, and what it makes of a text."""

import base64
import bz2
import csv
import difflib
import gzip
import html
import io
import json
import lzma
import quopri
import textwrap
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable


def _prefixed(prefix: str) -> Callable[[str], bytes]:
    return lambda text: "".join(f"{prefix}{row}\n" for row in text.splitlines()).encode()


def _numbered(form: str) -> Callable[[str], bytes]:
    rows = enumerate
    return lambda text: "".join(
        form.format(n, row) + "\n" for n, row in rows(text.splitlines(), 1)
    ).encode()


def _wrapped(data: bytes, end: str = "\n", prefix: str = "") -> bytes:
    return "".join(prefix + row + end for row in textwrap.wrap(data.decode(), 76)).encode()


def _packed(pack: Callable[[bytes], bytes], write: Callable[[bytes], bytes]) -> Callable:
    return lambda text: b"x = '" + write(pack(text.encode())) + b"'\n"


def _compressed(pack: Callable[[bytes], bytes]) -> Callable:
    return lambda text: pack(text.encode())


def _zipped(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", text)
    return buffer.getvalue()


def _sheet(text: str) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([n, row] for n, row in enumerate(text.splitlines()))
    return out.getvalue().encode()


def _diffed(text: str) -> bytes:
    return "\n".join(difflib.unified_diff([], text.splitlines(), lineterm="")).encode()


def _notebook(text: str) -> bytes:
    return json.dumps({"cells": [{"source": text.splitlines(keepends=True)}]}).encode()


def _hex(data: bytes) -> bytes:
    return data.hex().encode()


def _same(data: bytes) -> bytes:
    return data


PACKERS = {
    "zlib": zlib.compress,
    "raw deflate": lambda data: zlib.compress(data)[2:-4],
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}
WRITERS = {
    "base64": base64.b64encode,
    "url-safe base64": base64.urlsafe_b64encode,
    "base85": base64.b85encode,
    "ascii85": base64.a85encode,
    "base32": base64.b32encode,
    "hex": _hex,
}
PLAIN: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "indented": _prefixed("\t      "),
    "commented": _prefixed("# "),
    "commented without a blank": _prefixed("#"),
    "commented as in C": _prefixed("// "),
    "quoted": _prefixed("> "),
    "quoted twice": _prefixed("> > "),
    "added in a diff": _prefixed("+ "),
    "removed in a diff": _prefixed("-"),
    "a unified diff": _diffed,
    "a list": _prefixed("* "),
    "in a docstring's prompt": _prefixed(">>> "),
    "numbered": _numbered("{}: {}"),
    "numbered as by cat -n": _numbered("{:6}\t{}"),
    "numbered as by a pager": _numbered("{:4} | {}"),
    "a table": _numbered("| {} | {} |"),
    "a table of code": _numbered("| {} | `{}` |"),
    "a sheet": _sheet,
    "one line of a string": lambda text: f"x = {text!r}\n".encode(),
    "a list of strings": lambda text: f"x = {text.splitlines()!r}\n".encode(),
    "statements in one line": lambda text: "; ".join(map(str.strip, text.splitlines())).encode(),
    "JSON": lambda text: json.dumps({"a": text}).encode(),
    "JSON in JSON": lambda text: json.dumps({"a": json.dumps({"b": text})}).encode(),
    "a notebook": _notebook,
    "HTML": lambda text: f"<pre>{html.escape(text)}</pre>".encode(),
    "HTML, line by line": lambda text: "".join(
        f"<li><code>{html.escape(row)}</code></li>" for row in text.splitlines()
    ).encode(),
    "an address": lambda text: b"?q=" + urllib.parse.quote(text).encode(),
    "quoted printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True),
    "escapes": lambda text: "".join(f"\\x{ord(c) % 256:02x}" for c in text).encode(),
    "long escapes": lambda text: "".join(f"\\u{ord(c):04x}" for c in text).encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "a mark of UTF-8": lambda text: text.encode("utf-8-sig"),
    "wide letters": lambda text: "".join(
        chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text
    ).encode(),
    "invisible letters": lambda text: text.replace(".", "\u200b.").encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "hex in pairs": lambda text: text.encode().hex(" ").encode(),
    "hex with 0x": lambda text: ", ".join(f"0x{byte:02x}" for byte in text.encode()).encode(),
    "numbers": lambda text: repr(list(text.encode())).encode(),
    "base64, CRLF": lambda text: _wrapped(base64.b64encode(text.encode()), "\r\n"),
    "base64 in comments": lambda text: _wrapped(base64.b64encode(text.encode()), prefix="# "),
    "base64 in strings": lambda text: _wrapped(base64.b64encode(text.encode()), '"\n', '    "'),
    "base64 of gzip, quoted": lambda text: _wrapped(
        base64.b64encode(gzip.compress(text.encode())), prefix="> "
    ),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())),
    "a zip": _zipped,
    "a zip in base64": lambda text: base64.b64encode(_zipped(text)),
}
ENCODINGS = {
    **PLAIN,
    **{
        f"{name} in {how}": _packed(pack, write)
        for name, pack in PACKERS.items()
        for how, write in WRITERS.items()
    },
    **{f"{how} of the text": _packed(_same, write) for how, write in WRITERS.items()},
    **{f"{name}, bytes": _compressed(pack) for name, pack in PACKERS.items()},
}
