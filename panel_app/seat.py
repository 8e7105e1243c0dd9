"""Who asks, from where, and the trail that what he does is noted in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from leadline.act import Act, in_hand
from leadline.errors import LeadlineError
from leadline.trail import Trail

DASHBOARD = "dashboard"


@dataclass(frozen=True)
class Seat:
    """One who asks. session is the mark of his browser's session, where he has one."""

    actor: str
    client: str | None = None
    session: str | None = None
    trail: Trail | None = None

    def act(self, what: str, about: str | None = None, via: str = DASHBOARD, **more: Any) -> Act:
        """Return what he begins to do."""
        details = {"session": self.session} if self.session else {}
        return Act(what, self.actor, via, about, self.client, details=details, **more)

    def note(self, act: Act) -> None:
        """Put an act that has ended into the trail, if there is one."""
        if self.trail is not None:
            self.trail.note(act)

    @contextmanager
    def doing(self, what: str, about: str | None = None, **more: Any) -> Iterator[Act]:
        """Note what is done meanwhile, and how it ended."""
        act = self.act(what, about, **more)
        try:
            with in_hand(act):
                yield act
        except LeadlineError as error:
            act.end("failed", str(error))
            raise
        except BaseException:
            act.end("interrupted")
            raise
        else:
            act.end(act.outcome if act.outcome != "running" else "done", act.reason)
        finally:
            self.note(act)


ANYBODY = Seat("anybody")
SEAT: ContextVar[Seat] = ContextVar("seat", default=ANYBODY)  # of the request in hand
