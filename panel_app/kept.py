"""Results that are kept as JSON: frozen dataclasses to plain values and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache
from typing import Any, Self, get_args, get_origin, get_type_hints


class Kept:
    """A frozen dataclass of plain values, enums, tuples, mappings and others like it."""

    def to_json(self) -> dict[str, Any]:
        """A dictionary of plain values for `json.dumps`."""
        values: dict[str, Any] = asdict(self)  # type: ignore[call-overload]
        return values

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote, before or after JSON; keys without a field are left out.

        Raises KeyError, TypeError or ValueError where `to_json` didn't write it.
        """
        read: Self = _read(cls, value)
        return read


def _read(kind: Any, value: Any) -> Any:
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        known = [field.name for field in fields(kind) if field.name in value]
        return kind(**{name: _read(hints[name], value[name]) for name in known})
    origin, of = get_origin(kind), get_args(kind)
    if origin is tuple:
        return tuple(_read(of[0], one) for one in value)
    if origin is Mapping:
        return {of[0](key): _read(of[1], one) for key, one in value.items()}
    return kind(value) if isinstance(kind, type) else value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
