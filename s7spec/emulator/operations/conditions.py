"""Conditions of searches as clauses on the rows of assets (facts: IPS API section 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from s7spec.emulator.catalog.model import FieldType, MetadataField
from s7spec.emulator.soap.faults import invalid_parameter, missing_parameter
from s7spec.emulator.soap.params import Params
from s7spec.emulator.store import clauses
from s7spec.emulator.store.clauses import Clause
from s7spec.emulator.store.moments import to_ms

MATCH_MODES = ("MatchAll", "MatchAny")
MOST_CONDITIONS = 200

_KEYWORDS = "replace(keywords, char(31), ',')"
_TEXTS = {
    "Name": "name",
    "FileName": "file_name",
    "Description": "description",
    "Comments": "comments",
    "UserData": "user_data",
    "CreateUser": "create_user",
    "LastModifyUser": "last_modify_user",
    "CreatedWith": "created_with",
    "Keywords": _KEYWORDS,
}
_DATES = {"Created": "created", "LastModified": "last_modified"}
_IGNORED = ("Sku",)
_NEGATIVE = {"NotEquals": "Equals", "NotContains": "Contains", "NotBetween": "Between"}

Test = Callable[[str], Clause]
"""A condition for a column, or another expression of a row."""


def not_too_many(params: Params, *names: str) -> None:
    """SQLite bounds how much one statement may ask. Raises ipsApiFault 30001."""
    for name in names:
        if len(params.groups(name)) > MOST_CONDITIONS:
            raise invalid_parameter(f"{name} has more than {MOST_CONDITIONS} items")


def matching(mode: str, found: Sequence[Clause]) -> Clause:
    return clauses.every(found) if mode == "MatchAll" else clauses.some(found)


def system_field(condition: Params) -> Clause | None:
    """One SystemFieldCondition; None for the field that IPS ignores since 4.0. Raises ipsApiFault
    30001 or 30002."""
    field, operator = condition.required("field"), condition.required("op")
    if field in _IGNORED:
        return None
    if field in _TEXTS:
        return text_test(condition, operator)(_TEXTS[field])
    if field == "FileSize":
        return amount_test(condition, operator, ("longVal", "minLong", "maxLong"))("file_size")
    if field in _DATES:
        return amount_test(condition, operator, ("dateVal", "minDate", "maxDate"))(_DATES[field])
    raise invalid_parameter(f"systemFieldConditionArray: unknown field {field!r}")


def metadata_field(condition: Params, field: MetadataField) -> Clause:
    """One MetadataCondition on a user-defined field. An asset without a value has none that
    equals, contains or lies between anything."""
    operator = condition.required("op")
    positive = _NEGATIVE.get(operator, operator)
    names: tuple[str, ...] = ()
    if field.type is FieldType.DATE:
        names = ("dateVal", "minDate", "maxDate")
    elif field.type is FieldType.INT:
        names = ("longVal", "minLong", "maxLong")
    elif field.type.is_real:
        names = ("doubleVal", "minDouble", "maxDouble")
    elif field.type.is_boolean:
        names = ("boolVal", "boolVal", "boolVal")
    if any(name in condition for name in names):
        test = amount_test(condition, positive, names)("amount")
    else:
        test = text_test(condition, positive)("value")
    clause = _has_value(field, test)
    return clauses.negated(clause) if operator in _NEGATIVE else clause


def tag(condition: Params, field: MetadataField) -> Clause:
    """One TagCondition: Matches takes ``value``, MatchesAny and MatchesAll take ``valueArray``."""
    operator = condition.required("op")
    not_too_many(condition, "valueArray")
    if operator == "Matches":
        values: tuple[str, ...] = (condition.required("value"),)
    elif operator in ("MatchesAny", "MatchesAll"):
        values = condition.strings("valueArray")
        if not values:
            raise missing_parameter(f"op {operator} needs a valueArray")
    else:
        raise invalid_parameter(f"op: {operator!r} does not compare tags")
    has = [_has_value(field, clauses.text("value", "Equals", value)) for value in values]
    return clauses.some(has) if operator == "MatchesAny" else clauses.every(has)


def _has_value(field: MetadataField, test: Clause) -> Clause:
    return Clause(
        "EXISTS (SELECT 1 FROM metadata WHERE asset = assets.number AND field = ? AND "  # noqa: S608
        f"({test.sql}))",
        (field.handle, *test.values),
    )


def keywords(words: Sequence[str]) -> Clause:
    """All of these words are among the keywords of the asset."""
    wrapped = "char(31) || keywords || char(31)"
    return clauses.every(
        [Clause(f"instr({wrapped}, char(31) || ? || char(31)) > 0", (word,)) for word in words]
    )


def text_test(condition: Params, operator: str) -> Test:
    """``caseSensitive`` false compares without regard to case; several ``values``: any of them."""
    if operator not in clauses.TEXT_OPERATORS:
        raise invalid_parameter(f"op: {operator!r} does not compare texts")
    not_too_many(condition, "values")
    value, several = condition.text("value"), condition.strings("values")
    wanted = several or (() if value is None else (value,))
    if not wanted:
        raise missing_parameter(f"op {operator} needs a value")
    fold = condition.flag("caseSensitive") is False

    def test(column: str) -> Clause:
        if fold:
            column = f"fold({column})"
        words = (word.casefold() if fold else word for word in wanted)
        found = [clauses.text(column, operator, word) for word in words]
        return clauses.every(found) if operator in _NEGATIVE else clauses.some(found)

    return test


def amount_test(condition: Params, operator: str, names: Sequence[str]) -> Test:
    """``names`` are the children with the value and with both ends of a range."""
    value, least, most = (_amount(condition, name) for name in names)
    if operator in clauses.RANGE_OPERATORS:
        if least is None or most is None:
            raise missing_parameter(f"op {operator} needs both ends of the range")
        low, high = least, most
        return lambda column: clauses.between(column, operator, low, high)
    if operator not in clauses.ORDER_OPERATORS:
        raise invalid_parameter(f"op: {operator!r} does not compare numbers or dates")
    if value is None:
        raise missing_parameter(f"op {operator} needs a value")
    amount = value
    return lambda column: clauses.order(column, operator, amount)


def _amount(condition: Params, name: str) -> float | None:
    if "Date" in name or name.startswith("date"):
        moment = condition.moment(name)
        return None if moment is None else to_ms(moment)
    if "Double" in name or name.startswith("double"):
        return condition.real(name)
    if name == "boolVal":
        flag = condition.flag(name)
        return None if flag is None else float(flag)
    return condition.number(name)
