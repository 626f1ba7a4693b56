"""What a project knows of the company that a modifier on the command line is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from s7spec.cli.modifier.options import read_address
from s7spec.cli.options import Invocation
from s7spec.cli.stop import Stop, stop
from s7spec.model.preset import bare
from s7spec.model.rules import Rule
from s7spec.modifiers import Modifier
from s7spec.pipeline.inspecting import Published, Surroundings

if TYPE_CHECKING:
    from s7spec.cli.workplace import Workplace


class KnownCompany:
    """Image presets: those given by hand, and those of the project's snapshot; and what the project
    says of the image server.

    The project is opened when a modifier names the first preset, or when a picture is asked about:
    the others need none.
    """

    def __init__(
        self,
        invocation: Invocation,
        given: Mapping[str, Modifier],
        around: Surroundings,
        *,
        asset: tuple[str, str] | None,
    ) -> None:
        """``asset`` is the company and the name of one to preview on the project's own server."""
        self._invocation = invocation
        self._given = given
        self._asset = asset
        self._plain = around

    def around(self, text: str, *, pictured: bool = False) -> Surroundings:
        """What ``text`` is looked at together with; ``pictured`` when a picture is tried. Raises
        Stop when the project, or what is needed of it, cannot be used."""
        needs_presets = "$" in text or self._plain.macro is not None
        asks_for_preview = self._plain.published is not None or self._asset is not None
        needs_server = pictured or self._plain.source is not None or asks_for_preview
        around = self._with_server if needs_server else self._plain
        if not needs_presets:
            return around
        presets, spellings, snapshot = self._presets
        return replace(around, presets=presets, spellings=spellings, snapshot=snapshot)

    @cached_property
    def _workplace(self) -> Workplace | None:
        from s7spec.load import find_project  # only here: most modifiers need no project

        here = find_project(self._invocation.project.resolve())
        if here is None and self._invocation.environment is None:
            return None
        from s7spec.cli.workplace import open_workplace

        return open_workplace(self._invocation)

    @cached_property
    def _with_server(self) -> Surroundings:
        workplace, around = self._workplace, self._plain
        settings = None if workplace is None else workplace.environment.image_server
        if settings is not None:
            from s7spec.lint import image_server_of

            around = replace(around, server=image_server_of(settings))
        if self._asset is None:
            return around
        if settings is None or settings.url is None:
            raise stop(
                Rule.USAGE,
                "--asset: nothing says where it is published",
                hint="add --image-server URL, or image_server: {url: ...} to the environment of "
                "s7spec.yaml",
            )
        company, name = self._asset
        server = read_address(settings.url)
        return replace(around, published=Published(server=server, company=company, asset=name))

    @cached_property
    def _presets(self) -> tuple[Mapping[str, Modifier] | None, Mapping[str, str], str | None]:
        """What is known of presets, their names as the company spells them, and the file that all
        of them should be in."""
        presets = None if self._workplace is None else self._workplace.presets
        if presets is not None and presets.found.diagnostics:
            raise Stop(presets.found.diagnostics)
        snapshot = None if presets is None else presets.found.snapshot
        if presets is None or snapshot is None:
            return self._given or None, {}, None
        from s7spec.modifiers import preset_modifiers

        known = {**preset_modifiers(snapshot.presets), **self._given}
        spellings = {key: bare(preset.name) for key, preset in snapshot.by_key.items()}
        return known, spellings, presets.path
