"""The worlds that are explored, and what is broken in some of them on purpose.

Times are seconds: Q is the quarantine, D the longest time after which a submit may still be taken,
V the longest time until IPS shows a job that it has.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from tests.fakes.gateway import Fate

QUARANTINE = 150
LATE = 90.0
LAG = 45.0
LEASE = 90
RUNS_FOR = 40.0


class Loss(StrEnum):
    """What may happen to the ledger between two runs, once."""

    NONE = "the ledger is as it was"
    LOST = "the ledger is lost"
    OLDER = "an older copy of the ledger is put back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What becomes of a submit: its fate, when it is taken, and when it is shown after that."""

    fate: Fate
    late_by: float = 0.0
    lag: float = 0.0

    def __str__(self) -> str:
        return f"{self.fate} (+{self.late_by:g} s, shown +{self.lag:g} s)"


def arrivals(*, late: float, lag: float) -> tuple[Arrival, ...]:
    """Every fate at the ends of its ranges, where a quarantine is strained the most or the least;
    lateness also half-way."""
    return (
        Arrival(fate=Fate.TAKEN),
        Arrival(fate=Fate.TAKEN, lag=lag),
        Arrival(fate=Fate.REQUEST_LOST),
        Arrival(fate=Fate.REPLY_LOST),
        Arrival(fate=Fate.REPLY_LOST, lag=lag),
        Arrival(fate=Fate.LATE, late_by=late / 2),
        Arrival(fate=Fate.LATE, late_by=late),
        Arrival(fate=Fate.LATE, late_by=late, lag=lag),
    )


USUAL = arrivals(late=LATE, lag=LAG)
WORST = (USUAL[0], USUAL[2], USUAL[4], USUAL[7])
"""One of each kind: what is taken, lost, taken without a reply, and as late as can be."""
FEW = (USUAL[0], USUAL[2], USUAL[7])
ENDS = (USUAL[0], USUAL[7])


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """``runs``: so many may go wrong before the healthy ones. ``wishes``: so many different
    contents are wanted, one after the other.

    Things that may happen: ``losses`` of the ledger; ``stops``: a run is asked to end; ``pauses``:
    a run is paused, once, and another one may come along; ``sleeps``: a submit leaves the machine
    long after it was decided on. Things that are broken: ``forgets_intents``: an intent is not
    durable before the next record; ``blind``: a look for a name finds nothing.

    ``doubles``: it is broken, and must give duplicates; ``loses``: it must lose something.
    """

    name: str
    runs: int
    arrivals: tuple[Arrival, ...] = USUAL
    losses: tuple[Loss, ...] = ()
    gaps: tuple[float, ...] = (LEASE + 1.0, LEASE + 1.0 + QUARANTINE)
    wishes: int = 1
    cold_wait: int = QUARANTINE
    hold: bool = False
    stops: bool = False
    pauses: bool = False
    sleeps: bool = False
    forgets_intents: bool = False
    blind: bool = False
    doubles: bool = False
    loses: bool = False

    def __str__(self) -> str:
        return self.name


_SOON = (LEASE + 1.0,)
_LATER = (LEASE + 1.0 + QUARANTINE,)

SOUND = (
    Variant(name="any fate of a submit, a death at any moment", runs=2),
    Variant(name="three deaths", runs=3, arrivals=FEW, gaps=_SOON),
    Variant(name="Ctrl-C at any moment", runs=1, stops=True),
    Variant(name="`on_ambiguous: hold`", runs=2, hold=True),
    Variant(name="something else is wanted meanwhile", runs=2, wishes=2, arrivals=ENDS, gaps=_SOON),
    Variant(
        name="paused, and another run comes along",
        runs=1,
        pauses=True,
        arrivals=WORST,
        gaps=_SOON,
    ),
    Variant(name="the ledger is lost", runs=2, losses=(Loss.LOST,), arrivals=FEW, gaps=_SOON),
    Variant(
        name="an older ledger is put back after Q",
        runs=2,
        losses=(Loss.OLDER,),
        arrivals=ENDS,
        gaps=_LATER,
    ),
)
BROKEN = (
    Variant(
        name="Q < D + V",
        runs=1,
        arrivals=arrivals(late=LATE + QUARANTINE, lag=LAG),
        doubles=True,
    ),
    Variant(
        name="the ledger is lost, nobody waits",
        runs=2,
        losses=(Loss.LOST,),
        cold_wait=0,
        arrivals=FEW,
        gaps=_SOON,
        doubles=True,
    ),
    Variant(
        name="an older ledger is put back at once",
        runs=2,
        losses=(Loss.OLDER,),
        arrivals=ENDS,
        gaps=_SOON,
        doubles=True,
    ),
    Variant(name="asleep between decision and first byte", runs=1, sleeps=True, doubles=True),
    Variant(name="no look finds a name", runs=1, blind=True, doubles=True),
    Variant(
        name="no intent before a submit",
        runs=2,
        wishes=2,
        forgets_intents=True,
        arrivals=FEW[:2],
        gaps=_SOON,
        loses=True,
    ),
)


def deeper(variant: Variant, depth: int) -> Variant:
    """``depth`` more runs that go wrong, and every fate in each."""
    usual = variant.arrivals if variant.doubles and not variant.losses else USUAL
    return replace(variant, runs=variant.runs + depth, arrivals=usual) if depth else variant
