"""The image presets that a modifier on the command line can mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from s7spec.cli.options import Invocation
from s7spec.cli.stop import Stop
from s7spec.modifiers import Modifier
from s7spec.pipeline.inspecting import Surroundings


class KnownPresets:
    """Those given by hand, and those of the project's snapshot when there is a project.

    The project is opened when a modifier names the first preset: the others need none.
    """

    def __init__(
        self, invocation: Invocation, given: Mapping[str, Modifier], around: Surroundings
    ) -> None:
        self._invocation = invocation
        self._given = given
        self._plain = around

    def around(self, text: str) -> Surroundings:
        """What ``text`` is looked at together with. Raises Stop when the project or its snapshot
        cannot be used."""
        return self._with_presets if "$" in text or self._plain.macro else self._plain

    @cached_property
    def _with_presets(self) -> Surroundings:
        from s7spec.load import find_project  # only here: most modifiers name no preset

        here = find_project(self._invocation.project.resolve())
        if here is None and self._invocation.environment is None:
            return replace(self._plain, presets=self._given or None)
        from s7spec.cli.workplace import open_workplace
        from s7spec.lint.jobs import preset_modifiers

        presets = open_workplace(self._invocation).presets
        if presets.found.diagnostics:
            raise Stop(presets.found.diagnostics)
        snapshot = presets.found.snapshot
        if snapshot is None:
            return replace(self._plain, presets=self._given or None)
        known = {**preset_modifiers(snapshot.presets), **self._given}
        return replace(self._plain, presets=known, snapshot=presets.path)
