"""Test files of which pytest would just call the functions, so that they can be called directly.

Most files that learners write are such: functions without fixtures, and with no mark but one for
their parameters. For those, collecting takes pytest several times longer than the tests take.
Whatever could make pytest do more than call a function is left to pytest.
"""

import sys
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR
from itertools import repeat
from types import FunctionType
from typing import Any

PREFIX, CLASS_PREFIX = "test", "Test"  # of what pytest collects
SETTINGS = frozenset(
    (
        *("__test__", "pytestmark", "pytest_generate_tests", "pytest_plugins", "setUpModule"),
        *("tearDownModule", "setup_module", "teardown_module", "setup_function"),
        "teardown_function",
    )
)
NEVER_PLAIN = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR
Call = Callable[[], object]


def _nobody(error: BaseException) -> None:
    """Does not listen."""


def plain_tests(names: Mapping[str, Any]) -> list[tuple[str, Call]] | None:
    """What pytest would call of a module's names, in its order, each with the function's name;
    None where it would do more than call functions."""
    from _pytest.fixtures import getfixturemarker

    if SETTINGS & names.keys():
        return None
    tests: list[tuple[str, Call]] = []
    for name, thing in names.items():
        if _is_test_class(name, thing) or getfixturemarker(thing) is not None:
            return None
        if not name.startswith(PREFIX) or not callable(thing):
            continue
        calls = _calls(thing)
        if calls is None:
            return None
        tests += zip(repeat(name), calls, strict=False)
    return tests


def outcome_of(call: Call, raised: Callable[[BaseException], None] = _nobody) -> str:
    """How a plain test ends: "passed", "failed" or "skipped", as pytest says it; `raised` hears of
    the exception that one failed with.

    Raises KeyboardInterrupt and pytest.exit.Exception, which end a run.
    """
    import pytest

    unittest = sys.modules.get("unittest")  # imported by who skips as it does
    skipping = pytest.skip.Exception, pytest.xfail.Exception, *_skip_tests(unittest)
    try:
        with warnings.catch_warnings():
            result = call()
    except (KeyboardInterrupt, pytest.exit.Exception):
        raise
    except skipping:
        return "skipped"
    except BaseException as error:
        raised(error)
        return "failed"
    waits = hasattr(result, "__await__") or hasattr(result, "__aiter__")
    return "failed" if waits else "passed"


def _skip_tests(unittest: Any) -> tuple[type[BaseException], ...]:
    return (unittest.SkipTest,) if unittest is not None else ()


def _is_test_class(name: str, thing: object) -> bool:
    """Whether pytest collects a class, by its name or because it is unittest's."""
    if not isinstance(thing, type):
        return False
    case = getattr(sys.modules.get("unittest"), "TestCase", None)
    return name.startswith(CLASS_PREFIX) or case in type.mro(thing)


def _calls(function: object) -> Iterator[Call] | None:
    """A function's calls, one per set of parameters; None where it is not plain."""
    if type(function) is not FunctionType or function.__code__.co_flags & NEVER_PLAIN:
        return None
    required = _required(function)
    marks = function.__dict__.get("pytestmark", [])
    if required is None or function.__dict__.keys() - {"pytestmark"} or len(marks) > 1:
        return None
    if not marks:
        return iter([function]) if not required else None
    rows = _rows(marks[0], required)
    return None if rows is None else (partial(function, **row) for row in rows)


def _required(function: FunctionType) -> Collection[str] | None:
    """The names of a function's parameters without a default; None where some are special."""
    code, keywords = function.__code__, function.__kwdefaults__ or {}
    if code.co_posonlyargcount or code.co_kwonlyargcount > len(keywords):
        return None
    count = code.co_argcount - len(function.__defaults__ or ())
    return code.co_varnames[:count]


def _rows(mark: Any, required: Collection[str]) -> list[dict[str, Any]] | None:
    """The values by name of each call that a parametrize mark asks for."""
    from _pytest.mark.structures import ParameterSet

    if mark.name != "parametrize" or mark.kwargs or len(mark.args) != 2:
        return None
    names, values = mark.args
    single = False  # whether a value stands for a row of one
    if isinstance(names, str):
        names = [name.strip() for name in names.split(",") if name.strip()]
        single = len(names) == 1
    if type(names) not in (list, tuple) or type(values) not in (list, tuple) or not values:
        return None
    if len(names) != len(required) or {*names} != {*required}:
        return None
    rows = [[value] for value in values] if single else values
    plain = all(type(row) in (list, tuple) and len(row) == len(names) for row in rows)
    special = any(isinstance(value, ParameterSet) for value in values)
    return [dict(zip(names, row, strict=True)) for row in rows] if plain and not special else None
