"""From the view commands to what is known of the reply before any picture is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from s7spec.modifiers.geometry import Fit, Size, View
from s7spec.modifiers.prediction.commands import InForce, Part
from s7spec.modifiers.prediction.image import Doubt, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """``rect``: a part of the view, cut out after it was scaled by ``scale``."""

    x: int
    y: int
    size: Size
    scale: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """``view`` is None if it cannot be known, for the reasons in ``doubts``."""

    view: View | None
    rect: Rect | None
    doubts: tuple[Doubt, ...]

    @property
    def fixed_size(self) -> Size | None:
        """The size of the reply to any picture, if the commands alone decide it."""
        if self.view is None:
            return None
        if self.rect is not None:
            return self.rect.size
        wid, hei = self.view.wid, self.view.hei
        if wid is None or hei is None:
            return None
        follows_picture = self.view.fit in (Fit.CONSTRAIN, Fit.WRAP)
        return None if follows_picture and self.view.scl is None else Size(wid, hei)


def read_reply(in_force: InForce, *, upscale_without_fit: bool) -> Reply:
    """The view and ``rect`` (facts: Image Serving section 5)."""
    doubts: list[Doubt] = []
    rect = _rect(in_force)
    known = Part.REPLY not in in_force.unknown
    if rect is not None and rect.scale > 0:
        doubts.append(Doubt(about="rect", reason=Reason.RECT_WITHOUT_ID))
    elif rect is not None:
        doubts.append(Doubt(about="rect", reason=Reason.UNREADABLE))
        known = False
    view: View | None = None
    if known:
        try:
            view = _view(in_force, upscale_without_fit=upscale_without_fit)
        except ValueError:  # all else has been checked
            doubts.append(Doubt(about="fit", reason=Reason.FIT_WITHOUT_SIDE))
    return Reply(view=view, rect=rect, doubts=tuple(doubts))


def _view(in_force: InForce, *, upscale_without_fit: bool) -> View:
    fields = in_force.fields
    fit = fields.get("fit")
    sides = {name: int(fields[name][0]) for name in ("wid", "hei") if name in fields}
    upscale = upscale_without_fit
    if fit is not None:
        upscale = len(fit) > 1 and fit[1] == "1"
    view = View(
        wid=sides.get("wid"),
        hei=sides.get("hei"),
        scl=Fraction(fields["scl"][0]) if "scl" in fields else None,
        fit=None if fit is None else Fit(fit[0].lower()),
        upscale=upscale,
    )
    if "align" not in fields:
        return view
    across, down = map(Fraction, fields["align"])
    if across == down == 0:
        return view  # whose centre is the one that is placed soonest
    return replace(view, align=(across, down))


def _rect(in_force: InForce) -> Rect | None:
    fields = in_force.fields.get("rect")
    if fields is None:
        return None
    x, y, width, height = map(int, fields[:4])
    written = fields[4] if len(fields) > 4 else ""
    return Rect(x=x, y=y, size=Size(width, height), scale=Fraction(written or "1"))
