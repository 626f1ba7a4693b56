"""``names``: files that cannot lie beside each other, or at all, where the ZIP is unpacked.

IPS names a delivered file like its asset, with the extension of its format (facts: IPS API, one
example); all files of a job lie in one ZIP.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from s7spec.model.asset import AssetVersion
from s7spec.model.guardrails import Gate
from s7spec.model.plan import PlanItem, Verdict
from s7spec.plan.guard.amounts import Amounts
from s7spec.plan.guard.verdicts import LEVELS, about, counted, noted, passed

GUARD = "names"

_MOST_BYTES = 255 - len(".tiff")
"""What Linux's file systems take, less the longest extension; Windows and macOS take as much."""

_MOST_SHOWN = 3
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
_NOT_ON_WINDOWS = re.compile(r'[<>:"\\|?*\x00-\x1f]')


def names_verdicts(amounts: Amounts, gate: Gate) -> Iterator[Verdict]:
    """An asset set that many jobs share is looked at once."""
    if gate is Gate.ALLOW:
        return
    looked_at: dict[int, tuple[str, ...]] = {}
    items: list[PlanItem] = []
    found: dict[str, None] = {}
    for item in amounts.sending:
        assets = item.sent_assets
        if id(assets) not in looked_at:
            looked_at[id(assets)] = tuple(name_troubles(assets))
        if looked_at[id(assets)]:
            items.append(item)
            found.update(dict.fromkeys(looked_at[id(assets)]))
    if items:
        troubles = list(found)
        yield noted(about(GUARD, LEVELS[gate], _detail(troubles), items), troubles)
    elif gate is Gate.DENY:
        yield passed(GUARD, "all names can be unpacked anywhere")


def name_troubles(assets: Iterable[AssetVersion]) -> Iterator[str]:
    """What is wrong with the names of one job's files, in their order."""
    taken: dict[str, str] = {}
    for asset in assets:
        name = asset.path.rsplit("/", 1)[-1]
        trouble = _trouble(name)
        if trouble:
            yield f"`{name}` {trouble}"
        folded = _folded(name)
        if taken.get(folded) == name:
            yield f"`{name}` stands twice, in two folders"
        elif folded in taken:
            yield f"`{taken[folded]}` and `{name}` are one name where case does not count"
        else:
            taken[folded] = name


def _trouble(name: str) -> str:
    if _DEVICE.fullmatch(name.partition(".")[0].rstrip()):
        return "is a device to Windows"
    if name != name.rstrip(". "):
        return "ends with a dot or a blank, which Windows drops"
    if _NOT_ON_WINDOWS.search(name):
        return "holds a character that Windows does not take"
    if len(name.encode(errors="surrogatepass")) > _MOST_BYTES:
        return "is too long for a file"
    return ""


def _folded(name: str) -> str:
    """As file systems have it: case and ways to write accents do not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _detail(found: list[str]) -> str:
    rest = len(found) - _MOST_SHOWN
    more = f"; and {rest:,} more" if rest > 0 else ""
    return f"{counted(len(found), 'trouble')} with names: {'; '.join(found[:_MOST_SHOWN])}{more}"
