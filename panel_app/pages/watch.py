"""Watch lists: what to make of each symbol, why, what is held of it; lists edited in place."""

from collections.abc import Mapping
from typing import Any

import panel as pn

from leadline.errors import QueryError
from panel_app.asked import watch as asked
from panel_app.controls import Choice, Control
from panel_app.desk import Desk
from panel_app.parts.chips import Chips
from panel_app.parts.layout import stacked
from panel_app.parts.signals import Signals
from panel_app.parts.unknown import Unknown
from panel_app.parts.watch_lines import WatchLines
from panel_app.watching import Watching

TITLE, LETTER, ORDER = "Watch lists", "l", 7
CONTROLS = (
    Control("list", "List", hint="all"),
    Choice(
        "suggestion", "To do", options={"": "all", "act": "act", "look": "look", "watch": "watch"}
    ),
)
NOTHING = (
    "Nothing is watched here. Add a symbol below, or run `leadline watch add desk AAPL --quantity "
    "100`."
)


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out the lists; every number is a column of reports.watch and reports.watch_lines."""
    watching = Watching(desk.warehouse, lambda: desk.paced.tick().until)

    async def keep(said: Mapping[str, Any]) -> None:
        words = {name: str(value) for name, value in said.items()}
        about = f"{words.get('watchlist', '')} {words.get('symbol', '')}"
        await write("watch add", about, watching.keep, words.get("watchlist", ""), words)

    async def drop(said: Mapping[str, Any]) -> None:
        watchlist, symbol = str(said.get("watchlist")), str(said.get("symbol"))
        await write("watch remove", f"{watchlist} {symbol}", watching.drop, watchlist, symbol)

    async def write(what: str, about: str, do: Any, *given: Any) -> None:
        if desk.at is not None:
            raise QueryError(
                "watch: this is the past, and nothing is changed there; clear `As of` first"
            )
        with desk.seat.doing(what, about):
            told, at = await desk.paced.later(do, *given)
        desk.paced.told("reports.watch", at)
        desk.say(told)

    desk.on("keep", keep)
    desk.on("drop", drop)
    return stacked(
        desk.bar("list", "suggestion"),
        desk.follow(Chips("list", "Lists"), desk.query(asked.LISTS)),
        desk.follow(
            Unknown("no watch list has this name"), desk.query(asked.UNKNOWN, wants=("list",))
        ),
        desk.panel("signals", "What to make of them", Signals(NOTHING), desk.query(asked.SIGNALS)),
        desk.panel("lines", "Lists", WatchLines(), desk.query(asked.LINES)),
    )
