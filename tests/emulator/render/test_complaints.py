"""What is refused, what is warned of, and that nothing documented is passed over in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from s7spec.emulator.render import ImageServerSettings, Rendered, RenderError, render
from s7spec.emulator.render.commands import LAYER_COMMANDS, NOT_EMULATED, VIEW_COMMANDS

CASES = Path(__file__).with_name("cases")
REFUSALS = yaml.safe_load(CASES.joinpath("refusals.yaml").read_text(encoding="utf-8"))
WARNINGS = yaml.safe_load(CASES.joinpath("warnings.yaml").read_text(encoding="utf-8"))
COMMANDS = yaml.safe_load(CASES.joinpath("commands.yaml").read_text(encoding="utf-8"))
SETTINGS = ImageServerSettings(max_source_pixels=10_000_000)


@pytest.fixture(scope="session")
def source(
    tmp_path_factory: pytest.TempPathFactory, noise: Callable[[int, int], Image.Image]
) -> Path:
    path = tmp_path_factory.mktemp("render") / "source.png"
    # Noise, so that no JPEG of it gets as small as jpegSize=1 asks.
    noise(40, 30).save(path)
    return path


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: ascii(case["modifier"]))
def test_refused(source: Path, case: dict[str, str]) -> None:
    with pytest.raises(RenderError) as caught:
        render(source, case["modifier"], SETTINGS)
    assert case["says"] in str(caught.value)


@pytest.mark.parametrize("case", WARNINGS, ids=lambda case: str(case["modifier"]))
def test_warned(source: Path, case: dict[str, Any]) -> None:
    warnings = render(source, case["modifier"], SETTINGS).warnings
    assert len(warnings) == len(case["warnings"]), warnings
    for warning, expected in zip(warnings, case["warnings"], strict=True):
        assert expected in warning


@pytest.mark.parametrize("name", COMMANDS["emulated"])
def test_an_emulated_command_reads_its_value(source: Path, name: str) -> None:
    with pytest.raises(RenderError, match=f"(?i){name}=\\?"):
        render(source, f"{name}=?", SETTINGS)


@pytest.mark.parametrize("name", COMMANDS["named_in_a_warning"])
def test_a_command_without_effect_is_named(source: Path, name: str) -> None:
    plain = render(source, "scl=1", SETTINGS)
    rendered = render(source, f"scl=1&{name}=1", SETTINGS)
    assert rendered.data == plain.data
    (warning,) = rendered.warnings
    assert warning.startswith(f"not emulated: {name}")


def test_the_manual_tells_of_every_command() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "rendering.md").read_text(encoding="utf-8")
    for name in (*COMMANDS["emulated"], *COMMANDS["named_in_a_warning"], *COMMANDS["others"]):
        assert f"`{name}`" in manual or f"`{name} " in manual, name


def test_every_command_has_a_case() -> None:
    listed = {name.lower() for names in COMMANDS.values() for name in names}
    assert listed == VIEW_COMMANDS | LAYER_COMMANDS | {"layer", "effect"} | {
        name.lower() for name in NOT_EMULATED
    }


def test_a_long_value_is_not_echoed_whole(source: Path) -> None:
    with pytest.raises(RenderError) as caught:
        render(source, f"wid={'9' * 20_000}", SETTINGS)
    assert len(str(caught.value)) < 300


def test_decoded_control_characters_do_not_reach_messages(source: Path) -> None:
    with pytest.raises(RenderError) as caught:
        render(source, "wid=1%0a%1b%5b2J", SETTINGS)
    assert str(caught.value).isprintable()
    (warning, *_) = render(source, "scl=1&layer=%0a%00", SETTINGS).warnings
    assert warning.isprintable()


VALUES = st.sampled_from(
    ["", "0", "1", "2", "-1", "0.5", "30", "45.5", "1e3", "1,1", "5,5,20,10", "-9,-9,60,50,2",
     "0.1,0.1,0.5,0.5", "crop,1", "png", "tif,cmyk,jpeg", "gif-alpha", "png8-alpha", "eps",
     "pdf,,zip", "jpeg,gray", "lr", "off", "web,off,4", "ff0000", "10,20,30,40k", "$x$", "%",
     "(", "99999"]
)  # fmt: skip
COMMAND_TEXTS = st.builds(
    lambda name, value: f"{name}={value}",
    st.sampled_from([*COMMANDS["emulated"], "icc", "$x", "layer", "nonsense"]),
    VALUES,
)


@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts=st.lists(COMMAND_TEXTS, max_size=6))
def test_any_modifier_renders_or_is_refused(
    source: Path, reopen: Callable[[Rendered], Image.Image], texts: list[str]
) -> None:
    tight = ImageServerSettings(max_source_pixels=200_000, max_pix=(400, 400))
    try:
        rendered = render(source, "&".join(texts), tight)
    except RenderError:
        return
    if rendered.extension not in (".pdf", ".eps"):
        reopen(rendered)
