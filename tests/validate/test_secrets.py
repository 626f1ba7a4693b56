"""A password in a file shows up nowhere, whatever else is wrong with the file."""

from __future__ import annotations

import pytest

from s7spec.load import load_text
from s7spec.model.source import SourceFile
from tests.expand.compiling import compile_text

CANARY = "canary-7b31"
HEAD = "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: bad}\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}password: {CANARY}\nexports: []\n",
        f"{HEAD}password: {CANARY}: x\n",
        f"{HEAD}password: '{CANARY}\n",
        f"{HEAD}password: !{CANARY} x\n",
        f"{HEAD}password: *{CANARY}\n",
        f"{HEAD}password: &{CANARY}= x\n",
        f"{HEAD}password: @{CANARY}\n",
        f"{HEAD}password: {{{{ {CANARY} }}}}\n",
        f"{HEAD}password: {{[{CANARY}]: x}}\n",
        f"{HEAD}password: |\n  {CANARY}\n bad\n",
        f"{HEAD}password:\n  - {CANARY}\n  - x: y: z\n",
        f"{HEAD}password:\n    {CANARY} @ : {CANARY} : x\n",
        f"{HEAD}x: {{user: {CANARY}, password: {CANARY}, a: 1, a: 2}}\n",
        f'{HEAD}x: {{"password" : "{CANARY}", zzz: [}}\n',
        f"{HEAD}exports: [{{id: a, fmt: nope, password: {CANARY}, assets: 1}}]\n",
        f"{HEAD}exports:\n  - id: a\n    fmt: https://u:{CANARY}@host/\n    assets: x\n",
        f"{HEAD}exports: https://u:{CANARY}/x@host/\n",
        f"{HEAD}secret: {CANARY}\ud800\n",
        f"{HEAD}kind: {CANARY}\npassword: {CANARY}\n".replace(f"kind: {CANARY}\n", ""),
    ],
)
def test_findings_hold_no_password(text: str) -> None:
    outcome = compile_text(text)
    assert outcome.findings
    said = [(f.summary, f.hint, f.snippet, f.related) for f in outcome.findings]
    assert CANARY not in repr(said)


def test_a_snippet_masks_and_stays_readable() -> None:
    text = "a: 1\n  user: me # who\nips: https://u:p@host/x\nlist: {x: 1, apiKey: 2}\n"
    file = SourceFile(path="x", text=text)
    assert [file.snippet(number) for number in range(6)] == [
        None,
        "a: 1",
        "  user: ********",
        "ips: https://********@host/x",
        "list: {x: 1, apiKey: ********",
        None,
    ]


def test_masking_is_not_slow_on_long_lines() -> None:
    text = "a: " + "user " * 50_000 + "://" * 50_000 + "k" * 300_000 + "\n\tb: x\n"
    assert load_text(SourceFile(path="x", text=text)).diagnostics
