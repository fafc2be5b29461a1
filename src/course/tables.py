"""The one reader of TOML files: every mistake names the file, the table and the key."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.errors import CourseError


def read_toml(path: Path, missing: str = "") -> "Table":
    """The top table of a TOML file; raises CourseError, with `missing` where there is no file."""
    try:
        document = _parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(missing or f"{path} is missing") from None
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}") from None
    return Table(str(path), "", document)


@lru_cache(maxsize=64)  # a release and a check read the same files for every phase
def _parsed(text: str) -> Mapping[str, Any]:
    return tomllib.loads(text)


@dataclass(frozen=True)
class Table:
    """A table of a TOML file that knows its own name, for the sake of error messages."""

    file: str
    name: str
    content: Mapping[str, Any]

    def fail(self, key: str, what: str) -> CourseError:
        where = f"[{self.name}] " if self.name else ""
        return CourseError(f"{self.file}: {where}{key}: {what}")

    def get(self, key: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        """The value of `key`, checked to be of `kind`; without default it must be there."""
        value = self.content.get(key, default)
        if value is ...:
            raise self.fail(key, "is missing")
        if value is not default and (
            not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        ):
            names = " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
            raise self.fail(key, f"must be {names}, not {type(value).__name__}")
        return value

    def strings(self, key: str, default: Any = ...) -> tuple[str, ...]:
        items = self.get(key, list, default)
        if not all(isinstance(item, str) for item in items):
            raise self.fail(key, "must be a list of strings")
        return tuple(items)

    def table(self, key: str) -> "Table":
        return Table(self.file, f"{self.name}.{key}".strip("."), self.get(key, dict))

    def tables(self, key: str) -> list["Table"]:
        name = f"{self.name}.{key}".strip(".")
        items = self.get(key, list)
        if not all(isinstance(item, dict) for item in items):
            raise self.fail(key, f"must be written as [[{name}]] tables")
        return [
            Table(self.file, f"{name} {item.get('id', i + 1)}", item)
            for i, item in enumerate(items)
        ]

    def only(self, *keys: str) -> None:
        """Refuse keys that nothing reads: a misspelt key must not pass in silence."""
        for key in self.content:
            if key not in keys:
                raise self.fail(key, f"is not a known key; known are: {', '.join(keys)}")
