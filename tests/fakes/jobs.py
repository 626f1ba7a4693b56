"""Jobs, attempts and plan headers as they stand in most tests; name only what matters."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from s7spec.model.asset import Asset, AssetVersion
from s7spec.model.job import ExportJob, JobKey, ResolvedJob, attempt_name
from s7spec.model.ledger import AssetOutcome, Attempt, AttemptState, FailureClass, Holder
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.plan import PlanHeader
from s7spec.model.policy import USUAL, JobPolicy
from s7spec.model.preset import Preset
from s7spec.model.schedule import Timing
from s7spec.model.source import SourceRange
from tests.fakes.catalog import asset
from tests.fakes.clock import NOON

COMPANY, ENVIRONMENT = "Acme", "local"
SPEC_DIGEST = bytes(range(32))
HOLDER = Holder(host="ci-7", pid=4711, user="dam", url="https://ci.example.com/run/1")


def job_key(short: str, *, company: str = COMPANY, environment: str = ENVIRONMENT) -> JobKey:
    """``short`` is ``manifest/export``."""
    manifest, export = short.split("/")
    return JobKey(company=company, environment=environment, manifest=manifest, export=export)


def export_job(
    assets: Iterable[Asset] | None = None,
    *,
    fmt: Fmt = Fmt.CONVERT,
    is_modifier: str | None = "wid=100",
    macro: str | None = None,
    preset: Preset | None = None,
    presets: tuple[Preset, ...] = (),
    emailSetting: EmailSetting = EmailSetting.ERROR,
) -> ExportJob:
    found = (asset("Acme/one"), asset("Acme/two")) if assets is None else assets
    return ExportJob(
        fmt=fmt,
        is_modifier=is_modifier,
        macro=macro,
        preset=preset,
        emailSetting=emailSetting,
        assets=tuple(each.version for each in found),
        presets=presets,
    )


def resolved_job(
    short: str = "shop/main",
    payload: ExportJob | None = None,
    *,
    is_modifier: str = "wid=100",
    key: JobKey | None = None,
    spec_digest: bytes | None = SPEC_DIGEST,
    policy: JobPolicy = USUAL,
) -> ResolvedJob:
    payload = payload or export_job(is_modifier=is_modifier)
    assets = tuple(
        Asset(
            handle=f"a|{version.path.rsplit('/', 1)[-1]}",
            name=version.path.rsplit("/", 1)[-1],
            folder=version.path.rpartition("/")[0] + "/",
            file_name=version.path.rsplit("/", 1)[-1] + ".jpg",
            version=version,
        )
        for version in payload.assets
    )
    return ResolvedJob(
        key=key or job_key(short),
        origin=SourceRange(path="shop.yaml", line=3, column=5, end_line=3, end_column=9),
        export_job=payload,
        assets=assets,
        spec_digest=spec_digest,
        policy=policy,
    )


def attempt(
    short: str = "shop/main",
    payload: ExportJob | None = None,
    *,
    state: AttemptState = AttemptState.INTENT,
    generation: int = 1,
    at: datetime = NOON,
    message: str = "",
    handle: str | None = None,
    forgotten: bool = False,
    version: int = 0,
    key: JobKey | None = None,
    only: tuple[AssetVersion, ...] | None = None,
    timing: Timing | None = None,
    rerun: str | None = None,
    tries: int = 1,
    ended_at: datetime | None = None,
    failure: FailureClass | None = None,
    outcomes: tuple[AssetOutcome, ...] = (),
) -> Attempt:
    """Named as it would be; ``only`` are those of the payload's assets that were sent."""
    payload = payload or export_job()
    key = key or job_key(short)
    sent = payload.narrowed(only).fingerprint
    return Attempt(
        name=attempt_name(key, sent, generation),
        key=key,
        generation=generation,
        fingerprint=sent,
        export_job=payload,
        state=state,
        intended_at=at,
        updated_at=at,
        version=version,
        message=message,
        handle=handle,
        outcomes=outcomes,
        forgotten=forgotten,
        only=only,
        timing=timing,
        rerun=rerun,
        tries=tries,
        ended_at=ended_at,
        failure=failure,
    )


def plan_header(
    *, company: str = COMPANY, environment: str = ENVIRONMENT, at: datetime = NOON
) -> PlanHeader:
    return PlanHeader(
        company=company,
        environment=environment,
        ips="embedded",
        created_at=at,
        assets_at=at,
        expires_at=at + timedelta(hours=24),
        tool_version="0.1.0",
        manifest_hash="sha256:" + "0" * 64,
        preset_hash="sha256:" + "1" * 64,
    )
