"""Reading a file of faults strictly; schemas/ips-faults.schema.json says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.positions import YamlSection, read_yaml
from s7spec.emulator.faults import rules, values
from s7spec.emulator.faults.errors import FaultsFileError
from s7spec.emulator.soap.faults import FaultCode

DEFAULT_SEED = 0
MOST_SECONDS = 3600
MOST_CALLS = 1_000_000_000
STATUSES = (500, 502, 503, 504)
_MOST_SKEW = 10_000_000
_MOST_CHUNK = 65536
_MOST_TEXT = 1000
_MOST_BYTES = 200_000

_TRIGGERS = ("probability", "nth", "every", "first")
_EVERY_RULE = ("kind", "operations", *_TRIGGERS, "times")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsFile:
    """What a file says."""

    seed: int = DEFAULT_SEED
    rules: tuple[rules.FaultRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    keys: tuple[str, ...]
    read: Callable[[YamlSection], rules.Effect]


def _seconds(section: YamlSection) -> float:
    return values.decimal(section, "seconds", low=0, high=MOST_SECONDS, above=True)


def _reason(section: YamlSection, default: str) -> str:
    reason = values.string(section, "reason", default)
    if len(reason) > _MOST_TEXT:
        section.fail_at("reason", f"'reason' is longer than {_MOST_TEXT} characters")
    return reason


def _http_error(section: YamlSection) -> rules.HttpError:
    return rules.HttpError(
        status=values.one_of(section, "status", STATUSES),
        acted=values.switch(section, "acted"),
        retry_after=values.optional_whole(section, "retryAfter", low=0, high=MOST_SECONDS),
    )


def _soap_fault(section: YamlSection) -> rules.SoapFault:
    return rules.SoapFault(
        code=FaultCode(values.one_of(section, "code", tuple(int(code) for code in FaultCode))),
        reason=_reason(section, "injected fault"),
        acted=values.switch(section, "acted"),
    )


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        rules.Latency.kind: _Kind(
            keys=("seconds", "acted"),
            read=lambda s: rules.Latency(seconds=_seconds(s), acted=values.switch(s, "acted")),
        ),
        rules.Reset.kind: _Kind(
            keys=("acted",), read=lambda s: rules.Reset(acted=values.switch(s, "acted"))
        ),
        rules.DroppedReply.kind: _Kind(keys=(), read=lambda s: rules.DroppedReply()),
        rules.HttpError.kind: _Kind(keys=("status", "acted", "retryAfter"), read=_http_error),
        rules.SoapFault.kind: _Kind(keys=("code", "reason", "acted"), read=_soap_fault),
        rules.MalformedXml.kind: _Kind(keys=(), read=lambda s: rules.MalformedXml()),
        rules.TruncatedBody.kind: _Kind(
            keys=("share",),
            read=lambda s: rules.TruncatedBody(
                share=values.decimal(s, "share", 0.5, low=0, high=0.99)
            ),
        ),
        rules.SlowBody.kind: _Kind(
            keys=("seconds", "chunkBytes"),
            read=lambda s: rules.SlowBody(
                seconds=_seconds(s),
                chunk_bytes=values.whole(s, "chunkBytes", 64, low=1, high=_MOST_CHUNK),
            ),
        ),
        rules.DelayedAcceptance.kind: _Kind(
            keys=("seconds",), read=lambda s: rules.DelayedAcceptance(seconds=_seconds(s))
        ),
        rules.LookupLag.kind: _Kind(
            keys=("seconds",), read=lambda s: rules.LookupLag(seconds=_seconds(s))
        ),
        rules.JobFails.kind: _Kind(
            keys=("reason",), read=lambda s: rules.JobFails(reason=_reason(s, "injected failure"))
        ),
        rules.JobFailsAssets.kind: _Kind(
            keys=("share",),
            read=lambda s: rules.JobFailsAssets(
                share=values.decimal(s, "share", 0.5, low=0, high=1, above=True)
            ),
        ),
        rules.JobHangs.kind: _Kind(
            keys=("after",),
            read=lambda s: rules.JobHangs(
                after=values.whole(s, "after", 0, low=0, high=MOST_CALLS)
            ),
        ),
        rules.ClockSkew.kind: _Kind(
            keys=("seconds",),
            read=lambda s: rules.ClockSkew(
                seconds=values.decimal(s, "seconds", low=-_MOST_SKEW, high=_MOST_SKEW)
            ),
        ),
    }
)
KINDS = tuple(_KINDS)


def read_faults(path: Path) -> FaultsFile:
    """The rules of a file, in its order. Raises FaultsFileError."""
    try:
        top = read_yaml(path, known=("seed", "faults"), most_bytes=_MOST_BYTES)
        if top is None:
            raise CatalogError("the file is empty", path=path, hint="write 'faults: []' for none")
        if "faults" not in top:
            top.fail("'faults' is missing", hint="a list of rules, or []")
        every_key = {key for kind in _KINDS.values() for key in kind.keys}
        sections = top.sections("faults", (*_EVERY_RULE, *sorted(every_key)))
        return FaultsFile(
            seed=values.whole(top, "seed", DEFAULT_SEED, low=0, high=2**31 - 1),
            rules=tuple(_rule(section) for section in sections),
        )
    except CatalogError as error:
        raise FaultsFileError(
            error.message,
            path=error.path,
            line=error.line,
            column=error.column,
            hint=error.hint,
        ) from error


def _rule(section: YamlSection) -> rules.FaultRule:
    name = values.string(section, "kind")
    kind = _KINDS.get(name)
    if kind is None:
        near = get_close_matches(name, KINDS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(KINDS)}"
        section.fail_at("kind", f"unknown kind {name!r}", hint)
    # Once more, now that it is known which keys belong to this kind.
    section = YamlSection(section.path, section.node, known=(*_EVERY_RULE, *kind.keys))
    mark = section.node.start_mark
    return rules.FaultRule(
        effect=kind.read(section),
        operations=_operations(section, name),
        trigger=_trigger(section),
        times=values.optional_whole(section, "times", low=1, high=MOST_CALLS),
        place=f"{section.path}:{mark.line + 1}:{mark.column + 1}",
    )


def _operations(section: YamlSection, kind: str) -> tuple[str, ...]:
    given = values.names(section, "operations")
    allowed = rules.allowed_operations(kind)
    for name in given:
        if name not in allowed:
            near = get_close_matches(name, allowed, n=1)
            hint = f"did you mean {near[0]!r}?" if near else _some(allowed)
            section.fail_at("operations", f"{kind} cannot hit {name!r}", hint)
    return given


def _some(names: tuple[str, ...]) -> str:
    return f"it hits {names[0]}" if len(names) == 1 else "'*' or names of operations"


def _trigger(section: YamlSection) -> rules.Trigger:
    given = [key for key in _TRIGGERS if key in section]
    if len(given) > 1:
        section.fail_at(given[1], f"{given[0]!r} and {given[1]!r} exclude each other")
    return rules.Trigger(
        probability=(
            values.decimal(section, "probability", low=0, high=1)
            if "probability" in section
            else None
        ),
        nth=values.optional_whole(section, "nth", low=1, high=MOST_CALLS),
        every=values.optional_whole(section, "every", low=1, high=MOST_CALLS),
        first=values.optional_whole(section, "first", low=1, high=MOST_CALLS),
    )
