"""What others wrote gives no command to the build server in whose log we write."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.acceptance.conftest import MANIFEST, Command, Finished

COMMAND = re.compile(r"^\s*::|##\[|##vso\[", re.MULTILINE | re.IGNORECASE)
HOSTILE = (
    "::error::all is lost",
    "x" * 90 + " ::set-output name=a::b",
    "a ##[error]b ###[c] ##vso[task.setvariable variable=a]b ##VSO[x]",
)


@pytest.fixture(params=["GITHUB_ACTIONS", "TF_BUILD"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(str(request.param), "true")
    return str(request.param)


def hostile(done: Finished) -> list[str]:
    return COMMAND.findall(done.said)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "place", ["fmt: orig", "names: [PS_1, PS_2]", "emailSetting: None", "id: masters"]
)
def test_findings(project: Path, s7spec: Command, server: str, text: str, place: str) -> None:
    key = place.partition(":")[0]
    changed = MANIFEST.replace(place, f"{key}: {json.dumps(text)}\n    {json.dumps(text)}: 1")
    (project / "shop.yaml").write_text(changed)
    done = s7spec("validate")
    assert done.code == 3
    assert hostile(done) == []


def test_a_line_of_a_file_in_a_difference(project: Path, s7spec: Command, server: str) -> None:
    (project / "shop.yaml").write_text(f"{MANIFEST}\n# x\n  ::error::y\n\n\n\n# ##[error]z\n")
    (project / "text.yaml").write_text(
        "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata:\n  name: a\n"
        "  description: |\n    ::error::x\n    ##[error]y\nexports:   []\n\n\n\n"
    )
    done = s7spec("fmt", "--diff")
    assert "error" in done.out
    assert hostile(done) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_wrong_use(project: Path, s7spec: Command, server: str, text: str) -> None:
    for arguments in (("explain", text), ("schema", text), ("validate", text), (text,)):
        done = s7spec(*arguments)
        assert done.code == 3
        assert hostile(done) == []


def test_a_plan(project: Path, s7spec: Command, server: str, served: str) -> None:
    name = "##[error]a ##vso[x]"
    (project / "shop.yaml").write_text(MANIFEST.replace("fmt: jpeg", f'fmt: jpeg, text: "{name}"'))
    assert s7spec("plan", "--out", "plan.json", "--detail", "full").code == 0
    for arguments in (
        ("plan", "--detail", "full"),
        ("show", "plan.json", "--detail", "full"),
        ("explain", "shop/large"),
    ):
        done = s7spec(*arguments)
        assert done.code == 0
        assert "error" in done.out
        assert hostile(done) == []


def test_data_stays_as_it_is(project: Path, s7spec: Command, server: str) -> None:
    (project / "shop.yaml").write_text(MANIFEST.replace("[PS_1, PS_2]", '["##[a"]'))
    assert "##[a" in s7spec("render").out
    (project / "shop.yaml").write_text(MANIFEST.replace("fmt: orig", "fmt: covnert"))
    assert s7spec("validate", "--format", "github").out.startswith("::error file=shop.yaml")


def test_elsewhere_nothing_is_changed(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.delenv("TF_BUILD", raising=False)
    (project / "shop.yaml").write_text(MANIFEST.replace("fmt: orig", 'fmt: "##[x"'))
    assert "##[x" in s7spec("validate").out
