"""System field conditions of searchAssets (facts: IPS API section 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from s7spec.emulator.catalog.model import Asset
from s7spec.emulator.operations.call import not_built
from s7spec.emulator.soap.faults import invalid_parameter, missing_parameter
from s7spec.emulator.soap.params import Params

Test = Callable[[Asset], bool]

_TEXTS: dict[str, Callable[[Asset], str]] = {
    "Name": lambda asset: asset.name,
    "FileName": lambda asset: asset.file_name,
    "Description": lambda asset: asset.description,
    "Comments": lambda asset: asset.comments,
    "UserData": lambda asset: asset.user_data,
    "CreateUser": lambda asset: asset.create_user,
    "LastModifyUser": lambda asset: asset.last_modify_user,
}
_DATES: dict[str, Callable[[Asset], datetime]] = {
    "Created": lambda asset: asset.created,
    "LastModified": lambda asset: asset.last_modified,
}
_NOT_BUILT = ("Keywords", "Sku", "CreatedWith")

_TEXT_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "Equals": lambda found, value: found == value,
    "NotEquals": lambda found, value: found != value,
    "Contains": lambda found, value: value in found,
    "NotContains": lambda found, value: value not in found,
    "StartsWith": lambda found, value: found.startswith(value),
    "EndsWith": lambda found, value: found.endswith(value),
}
_ORDER_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "Equals": lambda found, value: found == value,
    "NotEquals": lambda found, value: found != value,
    "LessThan": lambda found, value: found < value,
    "LessThanEquals": lambda found, value: found <= value,
    "GreaterThan": lambda found, value: found > value,
    "GreaterThanEquals": lambda found, value: found >= value,
}
_RANGE_OPERATORS = ("Between", "NotBetween")


def system_field_test(condition: Params) -> Test:
    """One SystemFieldCondition as a test. Raises ipsApiFault 30001 or 30002."""
    field, operator = condition.required("field"), condition.required("op")
    if field in _NOT_BUILT:
        raise not_built(f"a condition on the field {field}")
    if field in _TEXTS:
        return _text_test(_TEXTS[field], operator, condition)
    if field == "FileSize":
        values = [condition.number(name) for name in ("longVal", "minLong", "maxLong")]
        return _ordered_test(lambda asset: asset.file_size, operator, *values)
    if field in _DATES:
        moments = [condition.moment(name) for name in ("dateVal", "minDate", "maxDate")]
        read = _DATES[field]
        stamps = [None if moment is None else moment.timestamp() for moment in moments]
        return _ordered_test(lambda asset: read(asset).timestamp(), operator, *stamps)
    raise invalid_parameter(f"systemFieldConditionArray: unknown field {field!r}")


def _text_test(read: Callable[[Asset], str], operator: str, condition: Params) -> Test:
    compare = _TEXT_OPERATORS.get(operator)
    if compare is None:
        raise invalid_parameter(f"op: {operator!r} does not compare texts")
    value = condition.text("value")
    if value is None:
        raise missing_parameter(f"op {operator} needs a value")
    return lambda asset: compare(read(asset), value)


def _ordered_test(
    read: Callable[[Asset], float],
    operator: str,
    value: float | None,
    least: float | None,
    most: float | None,
) -> Test:
    if operator in _RANGE_OPERATORS:
        if least is None or most is None:
            raise missing_parameter(f"op {operator} needs both ends of the range")
        inside = operator == "Between"
        return lambda asset: (least <= read(asset) <= most) is inside
    compare = _ORDER_OPERATORS.get(operator)
    if compare is None:
        raise invalid_parameter(f"op: {operator!r} does not compare numbers or dates")
    if value is None:
        raise missing_parameter(f"op {operator} needs a value")
    return lambda asset: compare(read(asset), value)
