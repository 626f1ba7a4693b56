"""Which assets an export takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from s7spec.model.data import DataFile
from s7spec.model.source import Place, SourceRange


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReference:
    """A file of the project that a manifest names: ``path`` is relative to the project's root.

    ``delimiter`` separates the cells of a CSV file; None leaves it to the file's ending.
    """

    path: str
    place: Place
    delimiter: str | None = None


class ConditionField(StrEnum):
    """Fields that IPS can search by (facts: IPS API section 6, SystemFieldCondition)."""

    NAME = "Name"
    FILE_NAME = "FileName"
    DESCRIPTION = "Description"
    KEYWORDS = "Keywords"
    COMMENTS = "Comments"
    USER_DATA = "UserData"
    CREATED_WITH = "CreatedWith"
    CREATE_USER = "CreateUser"
    LAST_MODIFY_USER = "LastModifyUser"
    FILE_SIZE = "FileSize"
    CREATED = "Created"


class ConditionOp(StrEnum):
    """How a field is compared: the first six texts, the last four numbers and moments, and
    Equals and NotEquals everything (facts: IPS API section 6, operators)."""

    EQUALS = "Equals"
    NOT_EQUALS = "NotEquals"
    CONTAINS = "Contains"
    NOT_CONTAINS = "NotContains"
    STARTS_WITH = "StartsWith"
    ENDS_WITH = "EndsWith"
    LESS_THAN = "LessThan"
    LESS_THAN_EQUALS = "LessThanEquals"
    GREATER_THAN = "GreaterThan"
    GREATER_THAN_EQUALS = "GreaterThanEquals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of ``where``. ``value`` is a text (which may hold a template), bytes for
    FileSize, an ISO 8601 moment for Created."""

    field: ConditionField
    op: ConditionOp
    value: str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesFromFile:
    """Where the names of a selection stand in a data file: ``rows`` has the row of each name, and
    ``column`` the key of the name in it, None where a row is the name."""

    file: DataFile
    rows: tuple[int, ...]
    column: str | None

    def locate(self, index: int) -> SourceRange:
        """The place of the name at ``index``."""
        row = self.rows[index]
        return self.file.locate((row,) if self.column is None else (row, self.column))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which assets an export takes: by name, by folder, or the names in a file's column.

    Strings may hold templates. ``place`` is where the selection was written. ``exclude`` holds
    shell-style patterns matched against asset names, case-sensitively. ``types`` are IPS asset
    types; empty means all. All conditions of ``where`` must hold. With ``file``, ``column`` is the
    column (or key) that holds the names; None where the file is a plain list of names. Expanding
    turns ``file`` into ``names``; ``came_from`` says where they stand, and makes no difference to
    what is selected.
    """

    place: Place
    names: tuple[str, ...] = ()
    folder: str | None = None
    recursive: bool = False
    types: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    file: FileReference | None = None
    column: str | None = None
    came_from: NamesFromFile | None = field(default=None, compare=False, repr=False)
