"""Values back into YAML text, for people to read."""

from __future__ import annotations

import yaml

from s7spec.load.scalars import core_scalar


class _PlainDumper(yaml.SafeDumper):
    """No anchors: a payload that is shared by two jobs is written out twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """PyYAML writes signs that cannot be seen, or turn the text around, as they are."""
        if _hides(text):
            self.write_indicator(f'"{"".join(map(_escaped, text))}"', need_whitespace=True)
        else:
            super().write_double_quoted(text, split)


def to_yaml(value: object) -> str:
    """YAML text of plain JSON values, block style, key order kept: loading it gives them back.

    A text with signs that do not show (U+202E, zero widths, ...) stands in double quotes, these
    signs as escapes: people read it before it is sent.
    """
    text: str = yaml.dump(
        value, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=100
    )
    return text


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """Quotes what YAML 1.2 would read as something else: PyYAML knows YAML 1.1 only."""
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str",
        value,
        style=None if _is_plain(value) and not _hides(value) else '"',
    )


_LAYOUT = str.maketrans("", "", "\n\t")
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
"""Characters that count as printable and yet show nothing."""


def _hides(text: str) -> bool:
    if text.isprintable() and (text.isascii() or _BLANK_LETTERS.isdisjoint(text)):
        return False
    shown = text.translate(_LAYOUT)
    return not (shown.isprintable() and _BLANK_LETTERS.isdisjoint(shown))


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable() and character not in _BLANK_LETTERS:
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _is_plain(text: str) -> bool:
    try:
        return isinstance(core_scalar(text), str)
    except ValueError:
        return False


_PlainDumper.add_representer(str, _text)
