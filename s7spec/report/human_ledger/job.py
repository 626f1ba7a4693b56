"""Everything a ledger keeps about one job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from s7spec.model.asset import AssetVersion
from s7spec.model.job import JobKey
from s7spec.model.ledger import AssetOutcome, Attempt, AttemptEvent
from s7spec.model.preset import Preset
from s7spec.report.figures import byte_size, count, moment, moment_of_ms
from s7spec.report.human_run.outcomes import STATE_TONES, state_span
from s7spec.report.terminal import EMPTY, Line, Span, Tone, labelled, line, paint
from s7spec.report.view import View
from s7spec.report.visible import named

_DEEPER = 2


def ledger_job_text(
    key: JobKey,
    attempts: Sequence[Attempt],
    events: Mapping[str, Sequence[AttemptEvent]],
    spec_digest: bytes | None,
    view: View,
) -> str:
    """``attempts`` are the job's own, the oldest first; nothing of them is left out."""
    return paint(_lines(key, attempts, events, spec_digest), view)


def _lines(
    key: JobKey,
    attempts: Sequence[Attempt],
    events: Mapping[str, Sequence[AttemptEvent]],
    spec_digest: bytes | None,
) -> Iterator[Line]:
    number = (f": {count(len(attempts), 'attempt')}", Tone.QUIET)
    yield Line((), ((str(key), Tone.STRONG), number))
    asked_for = "not known" if spec_digest is None else f"sha256:{spec_digest.hex()}"
    yield labelled("asked for", (asked_for, Tone.PLAIN), indent=_DEEPER, whole=True)
    for attempt in attempts:
        yield EMPTY
        yield from _attempt(attempt)
        yield from _assets(attempt)
        yield from _events(events.get(attempt.name, ()))


def _attempt(attempt: Attempt) -> Iterator[Line]:
    yield line(attempt.name, Tone.STRONG, whole=True)
    tone = STATE_TONES[attempt.state]
    yield labelled("state", (attempt.state.value, tone), indent=_DEEPER)
    job = attempt.export_job
    facts: tuple[tuple[str, object], ...] = (
        ("message", attempt.message),
        ("failure", attempt.failure),
        ("forgotten", "yes" if attempt.forgotten else None),
        ("generation", attempt.generation),
        ("tries", attempt.tries),
        ("rerun", attempt.rerun),
        ("timing", attempt.timing),
        ("intended", moment(attempt.intended_at)),
        ("updated", moment(attempt.updated_at)),
        ("ended", None if attempt.ended_at is None else moment(attempt.ended_at)),
        ("version", attempt.version),
        ("handle", attempt.handle),
        ("run handle", attempt.run_handle),
        ("sent", f"sha256:{attempt.fingerprint.data}"),
        ("wanted", f"sha256:{attempt.wanted.data}"),
        ("fmt", job.fmt.value),
        ("is_modifier", job.is_modifier),
        ("macro", job.macro),
        *((f"${preset.name}$", preset.urlModifier) for preset in _presets(attempt)),
        ("emailSetting", job.emailSetting.value),
        *(("zip", url) for url in attempt.zip_urls),
    )
    for label, value in facts:
        if value not in (None, ""):
            is_copied = label == "zip"
            yield labelled(label, (str(value), Tone.PLAIN), indent=_DEEPER, whole=is_copied)


def _presets(attempt: Attempt) -> Iterator[Preset]:
    job = attempt.export_job
    yield from (() if job.preset is None else (job.preset,))
    yield from job.presets


def _assets(attempt: Attempt) -> Iterator[Line]:
    """All that were wanted: each with its version and, once the job ended, what became of it."""
    told = {outcome.asset: outcome for outcome in attempt.outcomes}
    sent = frozenset(attempt.sent)
    yield labelled("assets", (f"{len(attempt.export_job.assets):,}", Tone.PLAIN), indent=_DEEPER)
    for asset in attempt.export_job.assets:
        yield _asset(asset, told.get(asset), is_sent=asset in sent)


def _asset(asset: AssetVersion, outcome: AssetOutcome | None, *, is_sent: bool) -> Line:
    facts = [asset.type]
    if asset.width is not None and asset.height is not None:
        facts.append(f"{asset.width}x{asset.height}")
    if asset.file_size is not None:
        facts.append(byte_size(asset.file_size))
    if asset.last_modified_ms is not None:
        facts.append(f"modified {moment_of_ms(asset.last_modified_ms)}")
    if not is_sent:
        facts.append("not sent")
    body: list[Span] = [(named(asset.path), Tone.PLAIN), (f"  {', '.join(facts)}", Tone.QUIET)]
    kind = "" if outcome is None else outcome.kind.value
    if outcome is not None and outcome.message:
        body.append((f"  {outcome.message}", Tone.CAUTION))
    return Line(((f"    {kind:<8}", Tone.QUIET),), tuple(body))


def _events(events: Sequence[AttemptEvent]) -> Iterator[Line]:
    yield labelled("events", (f"{len(events):,}", Tone.PLAIN), indent=_DEEPER)
    for event in events:
        head: tuple[Span, ...] = ((f"    {moment(event.at)}  ", Tone.QUIET),)
        yield Line(head, (state_span(event.state), (f" {event.message}", Tone.PLAIN)))
