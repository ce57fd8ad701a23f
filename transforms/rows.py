"""Rows to records and back: what a user's column may hold, and the Arrow table of a list of records."""

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

import pyarrow as pa
from pyarrow import types

from models.unicode import clean
from transforms.records import SCHEMAS, Computation

T = TypeVar("T")


class RowError(ValueError):
    """A row that is no record of the type asked for; the message names the column."""


def from_row(record: type[T], row: Mapping[str, Any]) -> T:
    """The record that a row holds; nulls and absent columns get the defaults, unknown columns are ignored.

    Numbers are accepted where text is asked for, whole floats where integers are, one string where a list is; lone
    surrogates become U+FFFD, so that the record can be written. Raises `RowError` for any other type, an integer out
    of the column's range, and a column that is missing and has no default.
    """
    values = {}
    for name, coerce in _coercers(record):  # type: ignore[arg-type]
        if (value := row.get(name)) is not None:
            try:
                values[name] = coerce(value)
            except (TypeError, ValueError, OverflowError) as error:
                raise RowError(f"{name}: {error}") from None
    if missing := [name for name in _required(record) if name not in values]:  # type: ignore[arg-type]
        raise RowError(f"no value for {', '.join(missing)}")
    return record(**values)


def to_table(records: Sequence[Any], record: type[Any]) -> pa.Table:
    """The records as a table of their type's schema, in the order given."""
    schema = schema_of(record)
    columns = [_array(list(map(operator.attrgetter(field.name), records)), field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def schema_of(record: type[Any]) -> pa.Schema:
    """The Arrow schema of a record type: one of `records.SCHEMAS`, or the `SCHEMA` of a stage's own record."""
    schema: pa.Schema = getattr(record, "SCHEMA", None) or SCHEMAS[record]
    return schema


@functools.cache
def _required(record: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(record) if f.default is MISSING and f.default_factory is MISSING)


@functools.cache
def _coercers(record: type[Any]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    return tuple((field.name, _coercer(field.type)) for field in schema_of(record))


def _coercer(kind: pa.DataType) -> Callable[[Any], Any]:
    if types.is_string(kind):
        return _text
    if types.is_binary(kind):
        return _bytes
    if types.is_integer(kind):
        return functools.partial(_integer, 2 ** (kind.bit_width - 1))
    if types.is_floating(kind):
        return _number
    if types.is_struct(kind):
        return _computation
    if types.is_list(kind):
        return functools.partial(_items, _coercer(kind.value_type))
    raise TypeError(f"no record has columns of the type {kind}")


def _text(value: object) -> str:
    match value:
        case str():
            return clean(value)
        case bytes():
            return value.decode("utf-8", "replace")
        case int() | float():
            return str(value)
        case _:
            raise _unexpected("text", value)


def _bytes(value: object) -> bytes:
    match value:
        case bytes():
            return value
        case str():
            return clean(value).encode()
        case _:
            raise _unexpected("text or bytes", value)


def _integer(bound: int, value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _unexpected("an integer", value)
    if not -bound <= value < bound:
        raise ValueError(f"{value} is out of range")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _unexpected("a number", value)
    return float(value)


def _items(coerce: Callable[[Any], Any], value: object) -> tuple[Any, ...]:
    match value:
        case str():
            return (coerce(value),)
        case list() | tuple():
            return tuple(coerce(item) for item in value if item is not None)
        case _:
            raise _unexpected("a list", value)


def _computation(value: object) -> Computation:
    if not isinstance(value, Mapping):
        raise _unexpected("a computation", value)
    return from_row(Computation, value)


def _unexpected(expected: str, value: object) -> TypeError:
    return TypeError(f"expected {expected}, got {type(value).__name__} {str(value)[:40]!r}")


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if types.is_list(kind) and types.is_struct(kind.value_type):
        names = [field.name for field in kind.value_type]
        values = [[{name: getattr(item, name) for name in names} for item in items] for items in values]
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array(_cleaned(values), kind)


def _cleaned(value: object) -> object:
    match value:
        case str():
            return clean(value)
        case list() | tuple():
            return [_cleaned(item) for item in value]
        case dict():
            return {name: _cleaned(item) for name, item in value.items()}
        case _:
            return value
