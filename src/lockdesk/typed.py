"""Data → typed values, with every fault found in one pass (msgspec alone stops at the first)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from .errors import ContentError, Fault

T = TypeVar("T")


def convert(data: object, wanted: type[T], where: str) -> T:
    """`data` as a `wanted`.

    Raises:
        ContentError: every fault in `data`, each with its place below `where`.
    """
    try:
        return msgspec.convert(data, wanted)
    except msgspec.ValidationError as error:
        faults = tuple(faults_in(data, wanted, where))
        raise ContentError(faults or [Fault(where, f"{error}.")]) from None


def faults_in(data: object, wanted: Any, where: str) -> Iterator[Fault]:
    """Every reason why `data` is no `wanted`."""
    if _is_struct(wanted):
        yield from _struct_faults(data, wanted, where)
    elif get_origin(wanted) is tuple:
        yield from _row_faults(data, get_args(wanted)[0], where)
    elif isinstance(wanted, UnionType) and (members := [m for m in get_args(wanted) if m is not type(None)]) and len(members) == 1:
        yield from faults_in(data, members[0], where)
    elif data == "":
        yield Fault(where, "is empty.")
    else:
        try:
            msgspec.convert(data, wanted)
        except msgspec.ValidationError as error:
            yield Fault(where, f"{str(error).removesuffix(' - at `$`')}, found {data!r}.")


def _struct_faults(data: object, wanted: type[msgspec.Struct], where: str) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield Fault(where, f"wanted a table, found {data!r}.")
        return
    hints = _hints(wanted)
    fields = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
    tag = wanted.__struct_config__.tag_field
    from difflib import get_close_matches  # here, for a lesson without faults must not wait for it

    for name in data.keys() - fields.keys() - {tag}:
        near = get_close_matches(name, fields, 1)
        hint = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(fields)}."
        yield Fault(f"{where}, {name}", f"is no field here.{hint}")
    for name, field in fields.items():
        at = f"{where}.{name}" if set(fields) == {"en", "zh"} else f"{where}, {name}"
        if name in data:
            yield from faults_in(data[name], hints[field.name], at)
        elif field.required:
            yield Fault(at, _missing(fields))


def _missing(fields: Sequence[str] | dict[str, Any]) -> str:
    return "missing. Every text is needed in both languages." if set(fields) == {"en", "zh"} else "missing."


def _row_faults(data: object, wanted: Any, where: str) -> Iterator[Fault]:
    if not isinstance(data, list):
        yield Fault(where, f"wanted a list, found {data!r}.")
        return
    for number, one in enumerate(data, 1):
        yield from faults_in(one, wanted, f"{where} {name_of(one, number)}")


def name_of(data: object, number: int) -> str:
    """What an author would call this part: its id, key or mark in quotes, else its number."""
    if isinstance(data, dict):
        for name in ("id", "key", "mark"):
            if isinstance(data.get(name), str):
                return repr(data[name])
    return f"number {number}"


def _is_struct(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, msgspec.Struct)


@cache
def _hints(wanted: type[msgspec.Struct]) -> dict[str, Any]:
    return get_type_hints(wanted, include_extras=True)
