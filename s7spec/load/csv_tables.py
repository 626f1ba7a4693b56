"""CSV into rows: dicts from the names in the header to texts."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator

from s7spec.load.data_findings import DataFindings
from s7spec.load.findings import StopLoadingError
from s7spec.model.source import Pointer, SourceRange

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
MAX_CELLS = 4_000_000
"""100,000 rows of 40 columns: what a table of this size needs in memory is bounded."""

_CLOSED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
_PLAIN: dict[str, re.Pattern[str]] = {
    delimiter: re.compile(rf"[^{re.escape(delimiter)}\r\n]*+") for delimiter in DELIMITERS
}
_ONE_VALUE = "write each row with one value for each column, empty ones as well"


class CsvTable:
    """One table. Nothing is read before ``read``."""

    def __init__(self, text: str, delimiter: str, findings: DataFindings) -> None:
        self._text = text
        self._delimiter = delimiter
        self._findings = findings
        self._rows_at = array("I")
        self._header_line = 0
        self._header: list[str] = []

    def read(self, *, guessed: bool) -> list[dict[str, str]] | None:
        """The rows, or None when something is wrong.

        ``guessed`` tells that nobody named the delimiter. Blank lines are no rows.
        """
        try:
            rows = self._read(guessed)
        except StopLoadingError:
            return None
        return None if self._findings.all else rows

    def locate(self, pointer: Pointer, *, key: bool = False) -> SourceRange:
        """See ``DataFile.locate``."""
        row = pointer[0] if pointer else None
        if not isinstance(row, int) or not 0 <= row < len(self._rows_at):
            return self._findings.lines.place(0, len(self._text.rstrip("\r\n")))
        column = pointer[1] if len(pointer) > 1 else None
        if column not in self._header:
            return self._findings.lines.place(*self._row_span(self._rows_at[row]))
        line = self._header_line if key else self._rows_at[row]
        return self._findings.lines.place(*self._cell(line, self._header.index(str(column))))

    def _read(self, guessed: bool) -> list[dict[str, str]]:
        lines = self._lines()
        _, header = next(lines, (0, []))
        if not header:
            if not self._findings.all:
                self._findings.whole(
                    "the file holds no data", "begin with a line that names the columns"
                )
            raise StopLoadingError
        self._check_header(header, guessed)
        self._header = header
        rows: list[dict[str, str]] = []
        width = len(header)
        for line, cells in lines:
            if len(cells) != width:
                self._ragged(line, len(cells))
                continue
            rows.append(dict(zip(header, cells, strict=True)))
            self._rows_at.append(line)
            if len(rows) > MAX_ROWS or len(rows) * width > MAX_CELLS:
                self._too_many(line)
        return rows

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not blank, with the line, counted from 0, where it begins."""
        reader = csv.reader(
            io.StringIO(self._text, newline=""), delimiter=self._delimiter, strict=True
        )
        line = 0
        try:
            for cells in reader:
                if cells:
                    if not self._header:
                        self._header_line = line
                    yield line, cells
                line = reader.line_num
        except csv.Error as error:
            self._broken(line, str(error))

    def _check_header(self, header: list[str], guessed: bool) -> None:
        line = self._header_line
        if guessed and len(header) == 1:
            other = next(
                (each for each in DELIMITERS if each in header[0] and each != self._delimiter), None
            )
            if other is not None:
                self._other_delimiter(other)
        if len(header) > MAX_COLUMNS:
            self._findings.at(
                *self._cell(line, MAX_COLUMNS),
                f"more than {MAX_COLUMNS:,} columns",
                "keep the columns that manifests use",
            )
            raise StopLoadingError
        first: dict[str, int] = {}
        for index, name in enumerate(header):
            if not name.strip():
                summary = f"column {index + 1} has no name"
                hint = "name each column in the first line"
                self._findings.at(*self._cell(line, index), summary, hint)
            elif name != name.strip():
                summary = f"the column name `{name}` has blanks around it"
                hint = f"write `{name.strip()}`, next to the {DELIMITERS[self._delimiter]}"
                self._findings.at(*self._cell(line, index), summary, hint)
            elif first.setdefault(name, index) != index:
                self._findings.at(
                    *self._cell(line, index),
                    f"two columns are named `{name}`",
                    "give each column a name of its own",
                    first=self._cell(line, first[name]),
                )

    def _other_delimiter(self, other: str) -> None:
        shown = r"\t" if other == "\t" else other
        # A comma in a .tsv file: its name says what it is not.
        rename = ", or end its name in .csv" if other == "," else ""
        self._findings.at(
            *self._row_span(self._header_line),
            f"the first line has no {DELIMITERS[self._delimiter]}, but a {DELIMITERS[other]}",
            f'say what stands between the values: delimiter: "{shown}" beside `file`{rename}',
        )
        raise StopLoadingError

    def _ragged(self, line: int, count: int) -> None:
        width = len(self._header)
        start, end = self._row_span(line)
        if count > width:
            start = self._cell(line, width)[0]
        values = "1 value" if count == 1 else f"{count:,} values"
        columns = "1 column" if width == 1 else f"{width:,} columns"
        hint = _ONE_VALUE
        if count > width:
            hint += f"; put quotes around values that hold a {DELIMITERS[self._delimiter]}"
        self._findings.at(
            start, max(end, start + 1), f"the row has {values}, the table {columns}", hint
        )

    def _too_many(self, line: int) -> None:
        width = len(self._header)
        rows = min(MAX_ROWS, MAX_CELLS // width)
        columns = "" if rows == MAX_ROWS else f" of {width:,} columns"
        self._findings.at(
            *self._row_span(line),
            f"more than {rows:,} rows{columns}",
            "split the file, or leave out columns that no manifest uses",
        )
        raise StopLoadingError

    def _broken(self, line: int, said: str) -> None:
        """The row at ``line`` is no CSV: either a value is too long, or its quotes are wrong."""
        last_end = self._findings.lines.start(line)
        for start, end in self._cells(line):
            if end - start > csv.field_size_limit() or self._is_open(start):
                break
            last_end = end
        else:
            start, end = last_end, last_end + 1
        if "field limit" in said:
            summary = f"a value of more than {csv.field_size_limit():,} characters"
            hint = "leave it out, or shorten it; or the quotes of an earlier value are not closed"
        elif self._is_open(start):
            summary = "the quotes around a value are not closed"
            hint = 'end the value with ", and write quotes inside of it twice: ""'
        else:
            summary = "text between the quotes of a value and the next one"
            hint = 'write quotes inside of a value twice: ""'
        self._findings.at(start, start + 1, summary, hint)
        raise StopLoadingError

    def _is_open(self, start: int) -> bool:
        return self._text.startswith('"', start) and _CLOSED.match(self._text, start) is None

    def _row_span(self, line: int) -> tuple[int, int]:
        *_, (_, end) = self._cells(line)
        return self._findings.lines.start(line), end

    def _cell(self, line: int, index: int) -> tuple[int, int]:
        for at, span in enumerate(self._cells(line)):
            if at == index:
                return span
        return self._row_span(line)

    def _cells(self, line: int) -> Iterator[tuple[int, int]]:
        """The values of the row that begins at ``line``, quotes included."""
        text, plain = self._text, _PLAIN[self._delimiter]
        start = self._findings.lines.start(line)
        while True:
            match = _CLOSED.match(text, start) or plain.match(text, start)
            end = match.end() if match else start
            yield start, end
            if not text.startswith(self._delimiter, end):
                return
            start = end + 1
