"""Opening nbgrader's gradebook, and working in it beside others. nbgrader is imported late."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from course.errors import CourseError

T = TypeVar("T")

TRIES, PAUSE = 6, 0.1  # where another grader writes the same rows; seconds


def open_gradebook(url: str) -> Any:
    """nbgrader's Gradebook at a URL, made where there is none; raises CourseError."""
    try:
        from nbgrader.api import Gradebook, InvalidEntry
        from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
    except ImportError:
        raise CourseError("nbgrader is not installed; the gradebook needs it") from None
    for attempt in range(1, TRIES + 1):
        try:
            _create(url)
            return Gradebook(url, "minigrad")
        except Exception as error:
            meanwhile = (IntegrityError, InvalidEntry, OperationalError, ProgrammingError)
            if attempt == TRIES or not isinstance(error, meanwhile):
                words = str(error).partition("\n")[0]
                raise CourseError(f"the gradebook {url} can't be opened: {words}") from None
            time.sleep(random.uniform(0, attempt * PAUSE))  # another one makes it just now
    raise AssertionError("not reached")


def _create(url: str) -> None:
    """Make the tables of a new gradebook, marked with nbgrader's version of them.

    nbgrader would do it too, with a program that takes two seconds to say the version.
    """
    import nbgrader
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from sqlalchemy import create_engine, inspect

    engine = create_engine(url)
    with engine.begin() as connection:
        if not inspect(connection).get_table_names():
            Base.metadata.create_all(connection)
            scripts = ScriptDirectory(str(Path(nbgrader.__file__).with_name("alembic")))
            MigrationContext.configure(connection).stamp(scripts, "head")
    engine.dispose()


def retried(gradebook: Any, work: Callable[[], T]) -> T:
    """Do some work in the gradebook; again where another grader came in between."""
    from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import SQLAlchemyError

    for attempt in range(1, TRIES + 1):
        try:
            return work()
        except (InvalidEntry, SQLAlchemyError) as error:
            gradebook.db.rollback()
            if attempt == TRIES:
                words = str(error).partition("\n")[0]
                raise CourseError(f"the gradebook refuses to be written: {words}") from None
            time.sleep(random.uniform(0, attempt * PAUSE))
    raise AssertionError("not reached")
