"""Findings of every shape."""

from __future__ import annotations

from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange


def findings() -> tuple[Diagnostic, ...]:
    """One finding of each shape there is."""
    return (
        Diagnostic(
            rule=Rule.UNKNOWN_KEY,
            summary="unknown key `wdi`",
            where=SourceRange(path="zalando.yaml", line=14, column=7, end_line=14, end_column=10),
            hint="did you mean `wid`?",
            snippet="      wdi: 1801",
        ),
        Diagnostic(
            rule=Rule.DUPLICATE_KEY,
            summary="key `fmt` stands twice in one mapping",
            where=SourceRange(path="zalando.yaml", line=120, column=2, end_line=120, end_column=5),
            snippet="\tfmt: orig",
            related=(
                RelatedPlace(
                    where=SourceRange(path="zalando.yaml", line=118, column=2),
                    message="first written here",
                ),
                RelatedPlace(
                    where=SourceRange(
                        path="zalando.yaml", line=1118, column=2, end_line=1118, end_column=5
                    ),
                    message="and here again",
                    snippet="\tfmt: convert",
                ),
            ),
        ),
        Diagnostic(
            rule=Rule.TEMPLATE_SYNTAX,
            summary="the expression is not closed, so that there is nothing to be evaluated here",
            where=SourceRange(path="amazon.yaml", line=3, column=106, end_line=3, end_column=116),
            hint="close it with `}}`\nor write the braces as text: `{{ '{{' }}`",
            snippet=f'    is_modifier: "{"x" * 86} {{{{ vars.wid" # {"y" * 90}',
        ),
        Diagnostic(
            rule=Rule.UNKNOWN_ASSET,
            summary="asset `日本語\x1b[31m` does not exist",
            where=SourceRange(path="amazon.yaml", line=7, column=8, end_line=9, end_column=3),
            snippet="    - 日本語é: \x1b[31m|",
        ),
        Diagnostic(
            rule=Rule.NOT_A_MAPPING,
            summary="the document is empty",
            where=SourceRange(path="empty.yaml"),
        ),
        Diagnostic(
            rule=Rule.NO_CREDENTIALS,
            summary="no credentials",
            hint="set S7SPEC_USER and S7SPEC_PASSWORD",
        ),
        Diagnostic(
            rule=Rule.EXCLUDED_ASSET,
            summary="IPS mails about every job of this export",
            where=SourceRange(path="zalando.yaml", line=20, column=21, end_line=20, end_column=24),
            snippet="      emailSetting: All",
        ),
    )
