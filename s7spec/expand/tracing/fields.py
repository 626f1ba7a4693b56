"""The fields of one job, each with where it was written and what its templates used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from s7spec.expand.exports import Filled
from s7spec.expand.further import INPUT
from s7spec.expand.policies import policy_of
from s7spec.expand.single import evaluate
from s7spec.expand.tracing.selections import Chosen, selection_parts
from s7spec.expand.tracing.sight import Sight
from s7spec.model.inputs import Inputs
from s7spec.model.manifest import Export, ModifierMapping
from s7spec.model.policy import age_text
from s7spec.model.source import JsonValue, Place, SourceRange
from s7spec.model.trace import FieldOrigin, FieldTrace
from s7spec.modifiers import compose_modifier


class Fields:
    """``sight`` is what the export's templates see for this job, ``filled`` its finished parts."""

    def __init__(
        self, export: Export, filled: Filled, sight: Sight, chosen: Chosen, inputs: Inputs
    ) -> None:
        self._export = export
        self._filled = filled
        self._sight = sight
        self._chosen = chosen
        self._inputs = inputs

    def all(self) -> Iterator[FieldTrace]:
        """In the order of a manifest's keys."""
        export = self._export
        _, key, modifier, macro, _, _ = self._filled
        yield self._single("id", key, export.id)
        yield self._assets()
        yield self._single("fmt", export.fmt.value, export.fmt.value)
        if modifier is not None:
            yield self._modifier(modifier)
        if macro is not None:
            yield self._single("macro", macro, export.macro)
        for name in ("emailSetting", "on_unsupported"):
            value = getattr(export, name).value
            yield self._single(name, value, value)
        further = self._filled[5] or {}
        if export.code_version is not None:
            yield self._single("code_version", further["code_version"], export.code_version)
        if export.inputs:
            yield self._mapping("inputs", export.inputs, INPUT)
        yield self._single("mode", export.mode.value, export.mode.value)
        if export.max_assets is not None:
            yield self._single("max_assets", export.max_assets, export.max_assets)
        if export.schedule is not None:
            yield self._mapping(
                "schedule", {"at": export.schedule.at, "cron": export.schedule.cron}
            )
        if export.rerun is not None:
            yield self._single("rerun", further["rerun"], export.rerun)
        yield from self._runs()
        if export.unsafe_modifiers:
            allowed = export.unsafe_modifiers
            yield self._single("unsafe_modifiers", allowed, allowed)

    def _runs(self) -> Iterator[FieldTrace]:
        """What decides about further runs."""
        export, policy = self._export, policy_of(self._export, self._filled[5] or {})
        if export.rerun_on:
            fields = tuple(each.value for each in export.rerun_on)
            yield self._single("rerun_on", fields, fields)
        if policy.max_age is not None:
            yield self._single("max_age", age_text(policy.max_age), export.max_age)
        yield self._single("max_attempts", export.max_attempts, export.max_attempts)
        for name in ("on_partial", "on_touch", "supersede"):
            value = getattr(policy, name).value
            yield self._single(name, value, value)

    def _single(self, name: str, value: JsonValue, stated: JsonValue) -> FieldTrace:
        origin, where = self._written_in(name)
        return FieldTrace(
            name=name,
            value=value,
            origin=origin,
            where=where,
            written=None if where is None else stated,
            variables=self._sight.variables(stated),
        )

    def _modifier(self, modifier: str) -> FieldTrace:
        stated = self._export.is_modifier
        if not isinstance(stated, ModifierMapping):
            return self._single("is_modifier", modifier, stated)
        origin, where = self._written_in("is_modifier")
        parts = tuple(
            self._command(command, value, stated.place_of(command))
            for command, value in stated.values.items()
        )
        return FieldTrace(
            name="is_modifier", value=modifier, origin=origin, where=where, parts=parts
        )

    def _command(self, command: str, stated: str | int | float | bool, place: Place) -> FieldTrace:
        value = stated
        if isinstance(stated, str):
            value = evaluate(stated, place, self._sight.engine, self._sight.values)
        composed = compose_modifier([(command, value)])
        return FieldTrace(
            name=command,
            value=composed[len(command) + 1 :],
            origin=self._origin(place),
            where=place.locate(),
            written=stated,
            variables=self._sight.variables(stated),
        )

    def _assets(self) -> FieldTrace:
        stated = self._export.assets
        origin, where = self._written_in("assets")
        named = stated if isinstance(stated, str) else None
        below = origin if named is None else FieldOrigin.SELECTION
        return FieldTrace(
            name="assets",
            value=self._name_of(stated) if isinstance(stated, str) else None,
            origin=origin,
            where=where,
            written=named,
            variables=self._sight.variables(named),
            parts=tuple(selection_parts(self._chosen, below, self._inputs)),
        )

    def _name_of(self, stated: str) -> str:
        place = self._export.place_of("assets")
        return str(evaluate(stated, place, self._sight.engine, self._sight.values))

    def _mapping(
        self, name: str, stated: Mapping[str, str | int | None], begin: str = ""
    ) -> FieldTrace:
        """``begin`` is what the names of its further leaves begin with."""
        origin, where = self._written_in(name)
        place, further = self._export.place_of(name), self._filled[5] or {}
        parts = tuple(
            FieldTrace(
                name=key,
                value=further[f"{begin}{key}"],
                origin=origin,
                where=place.below(key).locate(),
                written=text,
                variables=self._sight.variables(text),
            )
            for key, text in stated.items()
            if text is not None
        )
        return FieldTrace(name=name, value=None, origin=origin, where=where, parts=parts)

    def _written_in(self, name: str) -> tuple[FieldOrigin, SourceRange | None]:
        place = self._export.places.get(name)
        if place is None:
            return FieldOrigin.BUILT_IN, None
        return self._origin(place), place.locate()

    def _origin(self, place: Place) -> FieldOrigin:
        if place.pointer[:1] != ("defaults",):
            return FieldOrigin.EXPORT
        is_manifest = place.document is not self._export.place.document
        if is_manifest or self._sight.roots.get("params") is None:
            return FieldOrigin.MANIFEST_DEFAULTS
        return FieldOrigin.TEMPLATE_DEFAULTS
