"""The table of docs/apply.md."""

from tests.apply.model.exploring import Verdicts
from tests.apply.model.variants import Variant

HEADER = "| world | executions | duplicates | undetected | lost |\n|---|--:|--:|--:|--:|\n"


def row(variant: Variant, found: Verdicts) -> str:
    figures = (found.executions, found.duplicated, found.undetected, found.lost)
    return f"| {variant} | {' | '.join(f'{figure:,}' for figure in figures)} |\n"
