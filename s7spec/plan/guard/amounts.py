"""How much a plan would start and take back, counted once for all guardrails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from s7spec.model.plan import Action, PlanItem
from s7spec.plan.delivery import Delivery, delivery_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """``sending`` go to IPS as new attempts, ``cancelling`` are taken back from it; ``deliveries``
    are what is delivered of each that is sent, in their order."""

    sending: tuple[PlanItem, ...]
    cancelling: tuple[PlanItem, ...]
    deliveries: tuple[Delivery, ...]


def amounts_of(items: Iterable[PlanItem]) -> Amounts:
    """A job that is rescheduled is not cancelled: it still runs, at another time. A forgotten one
    is not either: nothing happens to it on IPS."""
    items = tuple(items)
    sending = tuple(item for item in items if item.action.sends)
    return Amounts(
        sending=sending,
        cancelling=tuple(item for item in items if _cancels(item)),
        deliveries=tuple(map(delivery_of, sending)),
    )


def _cancels(item: PlanItem) -> bool:
    return item.action is Action.CANCEL or item.stops_older
