"""Values back into YAML text, for people to read."""

from __future__ import annotations

import yaml


class _PlainDumper(yaml.SafeDumper):
    """No anchors: a payload that is shared by two jobs is written out twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def to_yaml(value: object) -> str:
    """YAML text of plain JSON values, block style, key order kept."""
    text: str = yaml.dump(
        value, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=100
    )
    return text
