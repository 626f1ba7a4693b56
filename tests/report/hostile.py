"""Names that try to be something else, and a plan full of them."""

from __future__ import annotations

from itertools import cycle

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.guardrails import Approval
from s7spec.model.plan import (
    Action,
    AssetChange,
    AssetChangeKind,
    Plan,
    Reason,
    ReasonCode,
    Verdict,
    VerdictLevel,
)
from s7spec.model.preset import Preset
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from tests.report.jobs import export_job
from tests.report.plans import header, item, modifier_changed, told

HOSTILE = (
    "<script>alert(1)</script>",
    "a|b||c",
    "a\\|b\\",
    "`tick` ``two`` ```three",
    "@octocat #1 GH-1 http://evil.example www.evil.example",
    "$x^2$ ~~gone~~ **bold** _it_ [link](http://evil.example) ![i](x)",
    "line\nbreak\r\n| not | a | row |",
    "\x1b[31mred\x1b[0m\x07\x00",
    "\u202egnp.exe\u2066",
    "zero\u200bwidth\ufeff\u00ad",
    "</details><h1>out</h1>",
    "<!-- --> --> <![CDATA[ ]]>",
    "  edges  ",
    "",
    "é日本語👩‍💻",
    "\ud800 lone",
    "# heading",
    "- item",
    "1. one",
    "> [!CAUTION]",
    "x" * 1000,
)


def hostile_plan(texts: tuple[str, ...] = HOSTILE) -> Plan:
    """The same actions with names and texts that try to be something else."""
    items = []
    for number, text in enumerate(texts):
        version = AssetVersion(path=f"Folder/{text}", type=text)
        change = AssetChange(kind=AssetChangeKind.NEW, path=f"Folder/{text}", after=version)
        reasons = (
            modifier_changed(f"wid=1&text={text}", f"wid=2&text={text}{text}"),
            Reason(code=ReasonCode.ASSETS_CHANGED, detail=text, assets=(change,)),
            told(ReasonCode.FAILED, text),
        )
        job = export_job(
            f"text={text}",
            assets=(version,),
            preset=Preset(name=text, urlModifier=text),
            presets=(Preset(name=text, urlModifier=text),),
        )
        left_out = ExcludedAsset(path=text, type=text, reason=text)
        manifest = text.replace("/", "") if number % 2 else "plain"
        items.append(
            item(f"{manifest}/{text}", Action.SUBMIT, *reasons, job=job, excluded=(left_out,))
        )
    warnings = tuple(
        Diagnostic(
            rule=Rule.EXCLUDED_ASSET, summary=text, where=SourceRange(path=text, line=1, column=1)
        )
        for text in texts
    )
    verdicts = tuple(_verdict(text, level) for text, level in zip(texts, cycle(VerdictLevel)))
    hostile = header(
        company=HOSTILE[0], environment=HOSTILE[1], ips=HOSTILE[7], tool_version=HOSTILE[4]
    )
    return Plan(
        header=hostile,
        items=tuple(sorted(items, key=lambda each: each.key)),
        verdicts=verdicts,
        warnings=warnings,
        assumptions=texts,
    )


def _verdict(text: str, level: VerdictLevel) -> Verdict:
    given = Approval(guard=text, digest="sha256:" + "00" * 32, by=text, reason=text)
    return Verdict(
        guard=text,
        level=level,
        detail=text,
        jobs=(text,),
        job_count=2,
        approval=given if level is VerdictLevel.APPROVED else None,
    )
