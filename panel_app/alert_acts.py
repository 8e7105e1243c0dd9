"""What the buttons do about alerts, by the code of `leadline alerts ack` and `review mark`."""

import asyncio
from collections.abc import Mapping
from typing import Any

from leadline.errors import LeadlineError, QueryError
from leadline.reviews import QUEUE
from panel_app import text
from panel_app.desk import Desk
from panel_app.hand import Hand
from panel_app.parts.evidence import Evidence, replay_said

_ACTIONS = {"ack": "acknowledged", "snooze": "snoozed", "wake": "woken"}
_SHOWN = "reports.alert"  # the views that show what was done


def hand_of(desk: Desk) -> Hand:
    """Return the hand of who looks at a page."""
    return Hand(desk.warehouse, lambda: desk.paced.tick().until, desk.guest)


def act_on_alerts(desk: Desk, evidence: Evidence) -> None:
    """Hear the buttons that act on alerts, and the one that asks again."""
    hand = hand_of(desk)

    def acting(action: str) -> Any:
        async def act(said: Mapping[str, Any]) -> None:
            _check_now(desk)
            told, at = await asyncio.to_thread(
                hand.act, str(said.get("alert", "")), action, str(said.get("span", "")),
                str(said.get("note", "")),
            )  # fmt: skip
            desk.paced.told(_SHOWN, at)
            desk.say(told)

        return act

    async def review(said: Mapping[str, Any]) -> None:
        _check_now(desk)
        told, at = await asyncio.to_thread(
            hand.review, str(said.get("alert", "")), str(said.get("verdict", "")),
            str(said.get("note", "")),
        )  # fmt: skip
        for name in (_SHOWN, QUEUE):
            desk.paced.told(name, at)
        desk.say(told)

    async def replay(said: Mapping[str, Any]) -> None:
        desk.put(evidence.replayed, '<p class="asking" role="status">Asking again…</p>')
        try:
            found = await asyncio.to_thread(hand.replay, str(said.get("key", "")))
        except LeadlineError as error:
            sentence = text.sentence(error)
            desk.put(evidence.replayed, f'<p class="error" role="alert">{sentence}</p>')
        else:
            desk.put(evidence.replayed, replay_said(found))

    for name, action in _ACTIONS.items():
        desk.on(name, acting(action))
    desk.on("review", review)
    desk.on("replay", replay)


def _check_now(desk: Desk) -> None:
    if desk.at is not None:
        raise QueryError(
            "alerts: this is the past, and nothing is done there; clear `As of`, then act"
        )
