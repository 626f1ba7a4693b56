"""The ports of a run in the model, and what may be broken in them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from s7spec.model.ips import JobSnapshot
from s7spec.model.ledger import Lease
from s7spec.model.submission import Submission
from tests.fakes.gateway import ScriptedIps
from tests.fakes.ledger import MemoryLedger, Store
from tests.fakes.memory_view import Pages
from tests.fakes.memory_writer import MemoryWriter


def _nothing() -> None:
    return None


@dataclass(kw_only=True)
class ModelIps(ScriptedIps):
    """``before_submit`` is called when a submit is about to leave the machine. ``blind``: a look
    for a name finds nothing."""

    before_submit: Callable[[], None] = _nothing
    blind: bool = False

    def submit(self, submission: Submission) -> str:
        self.before_submit()
        return super().submit(submission)

    def find(self, attempt_name: str) -> JobSnapshot | None:
        found = super().find(attempt_name)
        return None if self.blind else found


class ModelLedger(MemoryLedger):
    """Keeps the pages that each commit replaced. ``durable`` are those that outlive this process:
    with ``forgets_intents`` not before something has been recorded after the intent."""

    def __init__(self, store: Store, copies: list[Pages], *, forgets_intents: bool) -> None:
        super().__init__(store)
        self._copies = copies
        self._forgets_intents = forgets_intents
        self.durable = store.pages

    @contextmanager
    def writing(self, lease: Lease) -> Iterator[MemoryWriter]:
        before = self.store.pages
        with super().writing(lease) as writer:
            yield writer
        after = self.store.pages
        self._copies.append(before)
        is_known = all(
            before.events.get(name) or len(events) > 1 for name, events in after.events.items()
        )
        if is_known or not self._forgets_intents:
            self.durable = after
