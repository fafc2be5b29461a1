"""Pages as one file of the kind that was handed in: a zip, or a tar packed in one of its ways.

Equal files give equal bytes.
"""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Mapping

EPOCH = (2020, 1, 1, 0, 0, 0)
TAR = re.compile(r"\.t(?:ar(?:\.(?P<long>gz|bz2|xz))?|(?P<short>gz|bz2?|xz))$", re.IGNORECASE)
PACKED = {
    "": bytes,
    "g": lambda data: gzip.compress(data, mtime=0),
    "b": bz2.compress,
    "x": lzma.compress,
}


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def is_tar(name: str) -> bool:
    """Whether `as_tar` can write a file of this name."""
    return bool(TAR.search(name))


def as_tar(name: str, files: Mapping[str, bytes]) -> bytes:
    """Files as a tar, packed as its name says: `.tar`, `.tar.gz`, `.tgz` and so on."""
    way = TAR.search(name)
    if way is None:
        raise ValueError(f"{name} is not the name of a tar")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, data in sorted(files.items()):
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return PACKED[(way["long"] or way["short"] or "")[:1].lower()](buffer.getvalue())
