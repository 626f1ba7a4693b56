"""Values back into YAML text, for people to read."""

from __future__ import annotations

import yaml

from s7spec.load.scalars import core_scalar


class _PlainDumper(yaml.SafeDumper):
    """No anchors: a payload that is shared by two jobs is written out twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def to_yaml(value: object) -> str:
    """YAML text of plain JSON values, block style, key order kept: loading it gives them back."""
    text: str = yaml.dump(
        value, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=100
    )
    return text


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """Quotes what YAML 1.2 would read as something else: PyYAML knows YAML 1.1 only."""
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", value, style=None if _is_plain(value) else '"'
    )


def _is_plain(text: str) -> bool:
    try:
        return isinstance(core_scalar(text), str)
    except ValueError:
        return False


_PlainDumper.add_representer(str, _text)
