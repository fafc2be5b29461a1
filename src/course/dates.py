"""Dates as people write them, in the course's time zone."""

import re
from datetime import date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

END_OF_DAY = time(23, 59, 59)
EXAMPLE = "2026-11-20T23:59:00+01:00"
ZONE_EXAMPLE = "Europe/Berlin"
GERMAN = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?P<rest>.*)")


def zone_of(name: str) -> tzinfo:
    """The time zone of that name; raises ValueError with a text that says what is wrong."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f'{name!r} is no time zone that is known here; one is written like "{ZONE_EXAMPLE}"'
        ) from None


def moment(written: date | datetime | str, zone: tzinfo | None) -> datetime:
    """The moment that a date stands for, aware of its offset.

    A date without an offset is one of the `zone`, a date without a time the end of its day.
    Raises ValueError with a text that says what is wrong and how a date is written.
    """
    value = _parsed(written) if isinstance(written, str) else written
    if not isinstance(value, datetime):
        value = datetime.combine(value, END_OF_DAY)
    if value.utcoffset() is not None:
        return value
    if zone is None:
        raise ValueError(
            f"{written} does not say in which time zone; write it with its offset, like "
            f'{EXAMPLE}, or set timezone = "{ZONE_EXAMPLE}" at the top of course.toml'
        )
    return value.replace(tzinfo=zone)


def _parsed(text: str) -> date | datetime:
    written = text.strip()
    if found := GERMAN.fullmatch(written):  # as spreadsheets of half of Europe rewrite it
        day, month = int(found["day"]), int(found["month"])
        written = f"{found['year']}-{month:02}-{day:02}{found['rest']}"
    try:
        return (
            date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)
        )
    except ValueError:
        raise ValueError(f"{text!r} is no date; one is written like {EXAMPLE}") from None
