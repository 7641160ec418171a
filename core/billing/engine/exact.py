"""Refuses binary floats where sums are computed (billing.md section 0, rule 3)."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


def exactly(function: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
    """The function, which raises TypeError where it is given a number that is a binary approximation, be it inside a
    tuple, a list, a mapping or a dataclass."""

    @wraps(function)
    def guarded(*args: _Given.args, **kwargs: _Given.kwargs) -> _Found:
        refuse_floats(*args, *kwargs.values())
        return function(*args, **kwargs)

    return guarded


def refuse_floats(*given: object) -> None:
    """Nothing, where all numbers are exact.

    :raises TypeError: one is a binary approximation.
    """
    for one in given:
        if type(one).__name__ == "float":
            raise TypeError(f"sums are computed from exact numbers, not from {one!r}")
        if isinstance(one, list | tuple):
            refuse_floats(*one)
        elif isinstance(one, Mapping):
            refuse_floats(*one.values())
        elif is_dataclass(one):
            refuse_floats(*(getattr(one, field.name) for field in fields(one)))
