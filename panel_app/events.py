"""The event stream of alerts: who listens, from where on, and to what."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from leadline.question import Questions
from panel_app.described import told
from panel_app.faults import wrong
from panel_app.tail import VIEW, Place, Tail

_SAID = """
Each event has a name (`alert`, or what was done to one: `raised`, `resolved`, `retracted`, ...),
its row of `reports.alert_events` as data, and an id. Send the last id back as `Last-Event-ID`, as
browsers do by themselves, and nothing is lost or told twice.
"""


class Wanted(BaseModel):
    """What of the alerts somebody wants to hear."""

    model_config = ConfigDict(extra="forbid")

    severity: str | None = Field(None, description="info, low, medium, high or critical")
    severity__in: str | None = Field(None, description="one of these, with commas between")
    detector: str | None = Field(None, description="its id, as options.sweep")
    detector__in: str | None = Field(None, description="one of these, with commas between")
    entity: str | None = Field(None, description="what a person watches")
    entity__in: str | None = Field(None, description="one of these, with commas between")
    rule: str | None = Field(None, description="the rule that fired")
    action: str | None = Field(None, description="alert, raised, resolved, retracted, ...")
    action__in: str | None = Field(None, description="one of these, with commas between")
    last_event_id: str | None = Field(None, description="as the header, for who can't set it")

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Say whether a row is among what is wanted."""
        for key, value in self.model_dump(exclude={"last_event_id"}, exclude_none=True).items():
            column, _, many = key.partition("__")
            if row[column] not in (value.split(",") if many else [value]):
                return False
        return True


@dataclass(frozen=True)
class Listener:
    """Somebody who listens: from where on, and to what."""

    after: Place
    wanted: Wanted


def add(app: FastAPI, questions: Questions, *, every_s: float) -> None:
    """Add the stream to an app; the store is looked at so often, while anybody listens."""
    tail = Tail(questions, every_s)

    async def listener(
        wanted: Annotated[Wanted, Query()],
        last_event_id: Annotated[str | None, Header(description="The last id heard.")] = None,
    ) -> Listener:
        if VIEW not in questions.warehouse.names():
            raise wrong(f"{VIEW}: this project has no such view; bring it back", 404)
        reached = await tail.begin()
        said = last_event_id or wanted.last_event_id
        if said is None:
            return Listener(reached, wanted)
        try:
            after = Place.of(said)
        except ValueError as error:
            raise wrong(f"last-event-id: '{said[:100]}' is no id of an event here") from error
        if await run_in_threadpool(tail.is_beyond, after):
            raise wrong(f"last-event-id: the store has not come to '{said}'; is it another one")
        return Listener(after, wanted)

    @app.get(
        "/api/alerts/stream", tags=["alerts"], summary="What alerts do, as it happens",
        description=_SAID, response_class=EventSourceResponse, operation_id="alerts_stream",
        responses=told(401, 403, 404, 422, 429, 500, 503, 504),
    )  # fmt: skip
    async def stream(
        listening: Annotated[Listener, Depends(listener)],
    ) -> AsyncIterator[ServerSentEvent]:
        async for event in tail.heard(listening.after, listening.wanted.holds):
            yield event
