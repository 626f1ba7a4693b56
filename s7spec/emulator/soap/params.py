"""Typed reading of request elements that the XSD check has already passed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

from s7spec.emulator.soap.faults import invalid_parameter, missing_parameter

_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d))?")


class Params:
    """The children of one element, by local name. Absent children read as None or empty."""

    def __init__(self, element: etree._Element) -> None:
        self._children = {local_name(child): child for child in element}

    def __contains__(self, name: str) -> bool:
        return name in self._children

    def text(self, name: str) -> str | None:
        child = self._children.get(name)
        return None if child is None else child.text or ""

    def required(self, name: str) -> str:
        """A text that must say something. Raises ipsApiFault 30002."""
        value = self.text(name)
        if not value:
            raise missing_parameter(f"{name} is missing or empty")
        return value

    def choice(self, name: str, values: tuple[str, ...], default: str) -> str:
        """One of a list of constants; absent or empty gives the default. ipsApiFault 30001."""
        value = self.text(name) or default
        if value not in values:
            raise invalid_parameter(f"{name} is {value!r}, not one of {', '.join(values)}")
        return value

    def flag(self, name: str) -> bool | None:
        value = self.text(name)
        return None if value is None else value.strip() in ("true", "1")

    def number(self, name: str) -> int | None:
        value = self.text(name)
        try:
            return None if value is None else int(value)
        except ValueError:  # more leading zeros than Python reads
            raise invalid_parameter(f"{name} is not a usable number") from None

    def real(self, name: str) -> float | None:
        value = self.text(name)
        return None if value is None else float(value)

    def moment(self, name: str) -> datetime | None:
        """A dateTime in UTC; one without a zone is in the zone of the server."""
        value = self.text(name)
        return None if value is None else parse_date_time(name, value)

    def strings(self, name: str) -> tuple[str, ...]:
        """The items of an array of strings."""
        child = self._children.get(name)
        return () if child is None else tuple(item.text or "" for item in child)

    def group(self, name: str) -> Params | None:
        child = self._children.get(name)
        return None if child is None else Params(child)

    def groups(self, name: str) -> tuple[Params, ...]:
        """The items of an array of structures."""
        child = self._children.get(name)
        return () if child is None else tuple(Params(item) for item in child)

    def names(self) -> tuple[str, ...]:
        return tuple(self._children)


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def parse_date_time(name: str, value: str) -> datetime:
    match = _DATE_TIME.fullmatch(value.strip())
    try:
        if match is None:
            raise ValueError
        whole, fraction, utc, sign, hours, minutes = match.groups()
        moment = datetime.fromisoformat(f"{whole}.{(fraction or '')[:6].ljust(6, '0')}")
        if sign:
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            moment = moment.replace(tzinfo=timezone(-offset if sign == "-" else offset))
        elif utc:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise invalid_parameter(f"{name}: {value!r} is not a usable date and time") from None
