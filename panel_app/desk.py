"""The desk of one open page: what it asks, what it shows, and how that is kept up to date."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import panel as pn
import pyarrow as pa

from leadline import clock
from leadline.errors import LeadlineError, QueryError
from leadline.quote import named
from leadline.sandbox import Sandbox
from panel_app import text
from panel_app.answers import Query
from panel_app.controls import Choice, Control, Moment, Settings
from panel_app.entrance import GUEST
from panel_app.paced import Answer, Paced
from panel_app.parts.alerts import Alerts
from panel_app.parts.chart import Chart
from panel_app.parts.layout import html
from panel_app.parts.panel import Panel
from panel_app.parts.part import Look, Part
from panel_app.parts.table import Table
from panel_app.parts.tiles import Tiles
from panel_app.seat import SEAT
from panel_app.touch import Markup, Touch

RANGES = {
    "10m": timedelta(minutes=10), "1h": timedelta(hours=1), "1d": timedelta(days=1),
    "5d": timedelta(days=5), "1mo": timedelta(days=31), "3mo": timedelta(days=92),
    "1y": timedelta(days=366), "all": None,
}  # fmt: skip
ZONES = {"utc": "UTC", "ny": "New York", "local": "Local"}
COMMON = (
    Moment("at", "As of", hint="now"),
    Choice("tz", "Zone", default="utc", options=ZONES),
    Choice("up", "Up is", default="green", options={"green": "green", "red": "red"}),
)
MOST = 100  # rows of a table, unless a page says otherwise
_NOTHING = pa.table({"nothing": []})
_NAMES = re.compile(r"\$([a-z_]\w*)")


@dataclass(frozen=True)
class Asked:
    """A question of a page; `$name` is filled by `binds`, else by the page's settings.

    `last` is how much time before the shown moment it is about; the range that is set, if it is
    ranged, and then `last` at most; else all time. `most` is how many of its rows are shown; an
    export has all. While none of the settings in `wants` is set there is nothing to ask, and no
    row.
    """

    sql: str
    binds: Mapping[str, Any] = field(default_factory=dict)
    last: timedelta | None = None
    is_ranged: bool = False
    most: int | None = None
    wants: tuple[str, ...] = ()


@dataclass
class _Followed:
    part: Part
    asked: Asked
    panel: Panel | None = None
    shown: Query | None = None
    is_asking: bool = False
    is_again: bool = False


class Desk:
    """What a page asks, at one moment for all its parts, and again at each tick."""

    def __init__(
        self,
        paced: Paced,
        settings: Settings | None = None,
        address: str = "",
        sandbox: Sandbox | None = None,
    ) -> None:
        self.paced, self.address, self.sandbox = paced, address, sandbox
        self.settings = settings or Settings(COMMON, {})
        self.guest, self.seat = GUEST.get(), SEAT.get()  # who looks at it
        self.touch = Touch(visible=False)
        self.touch.listen(self.hear)
        self.clock = html('<p class="clock"></p>')
        self.faults = html()  # what is wrong with what was set
        self.panels: dict[str, tuple[Asked, Part]] = {}
        self._bar = html()
        self._barred: tuple[str, ...] = ()
        self._local = text.UTC
        self._followed: list[_Followed] = []
        self._heard: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
        self._heeded: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._doc: Any = None
        self._until: datetime | None = None  # what was shown last
        self._is_there: Callable[[], bool] = lambda: True
        self._show_bar()

    @property
    def warehouse(self) -> Any:
        """The warehouse that is asked."""
        return self.paced.answers.warehouse

    @property
    def at(self) -> datetime | None:
        """The moment of the past that is shown, if it is not now."""
        at: datetime | None = self.settings.binds["at"]
        return at

    @property
    def look(self) -> Look:
        """How the viewer wants to see it."""
        zones = {"ny": ZoneInfo("America/New_York"), "local": self._local}
        return Look(zones.get(self.settings["tz"], text.UTC), self.settings["up"] == "red")

    def query(
        self, sql: str, last: timedelta | None = None, *, is_ranged: bool = False,
        most: int | None = None, wants: tuple[str, ...] = (), **binds: Any,
    ) -> Asked:  # fmt: skip
        """Return a question for the parts of this page."""
        return Asked(sql, binds, last, is_ranged, most, wants)

    def ask(self, asked: Asked) -> pa.Table:
        """Return an answer now, for what decides how the page is laid out; else show a part."""
        answer = self.paced.ask(self.filled(asked), self.at)
        if isinstance(answer.rows, LeadlineError):
            raise answer.rows
        return answer.rows

    def bar(self, *names: str) -> pn.viewable.Viewable:
        """Lay out some of the page's settings."""
        self._barred = names
        self._show_bar()
        return self._bar

    def tiles(self, asked: Asked, *columns: str, empty: str = "") -> pn.viewable.Viewable:
        """Lay out some columns of one row as large figures."""
        return self.follow(Tiles(columns, empty), asked)

    def alerts(self, name: str, title: str, asked: Asked, empty: str) -> pn.viewable.Viewable:
        """Lay out alerts, of which each opens what explains it."""
        place = self.warehouse.store.place
        part = Alerts(self.paced.answers.detector, place, empty)
        return self.panel(name, title, part, asked)

    def chart(
        self, name: str, title: str, asked: Asked, line: str, bars: str, empty: str
    ) -> pn.viewable.Viewable:
        """Draw one column as a line and another as bars below it, over the first column."""
        return self.panel(name, title, Chart(line, bars, empty), asked)

    def table(
        self, name: str, title: str, asked: Asked, empty: str, **how: Any
    ) -> pn.viewable.Viewable:
        """Lay out an answer as a table; see parts.table for how."""
        return self.panel(name, title, Table(empty, **how), asked)

    def panel(self, name: str, title: str, part: Part, asked: Asked) -> pn.viewable.Viewable:
        """Put a part into a frame of its own, with its SQL and its exports."""
        if name in self.panels:
            raise ValueError(f"the page has two panels called {name}")
        if asked.most is None and isinstance(part, Table):
            asked = replace(asked, most=MOST)
        self.panels[name] = asked, part
        panel = Panel(name, title, part, self.address)
        self._followed.append(_Followed(part, asked, panel))
        return panel.view

    def follow(self, part: Part, asked: Asked) -> pn.viewable.Viewable:
        """Keep a part up to date; it has no frame."""
        self._followed.append(_Followed(part, asked))
        return part.view

    def on(self, name: str, do: Callable[[Mapping[str, Any]], Any]) -> None:
        """Call `do` with what an element says that is clicked: `data-do="name" data-…="…"`.

        What it raises as a LeadlineError is told on the page. It may be a coroutine.
        """
        self._heard[name] = do

    def heed(self, names: Sequence[str], do: Callable[[Mapping[str, Any]], Any]) -> None:
        """Call `do` when one of these settings is set, as an element is that says so."""
        self._heeded.update(dict.fromkeys(names, do))

    def say(self, sentence: str) -> None:
        """Tell the viewer that something is done."""
        self.change(lambda: self.touch.tell({"done": sentence}))

    def touch_settings(self, **said: str) -> None:
        """Put settings into the page's address."""
        self.change(lambda: self.touch.tell({"settings": said}))

    def put(self, place: Markup, body: str) -> None:
        """Show HTML in a place that follows no question."""
        self.change(lambda: setattr(place, "html", body))

    def change(self, do: Callable[[], None]) -> None:
        """Change the page when nothing else does; a viewer who has left hears no more of it."""
        if self._doc is None:
            do()
        elif self._is_there():
            self._doc.add_next_tick_callback(lambda: do() if self._is_there() else None)

    def filled(self, asked: Asked, *, is_whole: bool = False, sort: str = "") -> Query:
        """Return a question with what the settings fill in; a whole one has all rows."""
        have = {**self.settings.binds, **asked.binds}
        binds = {}
        for name in dict.fromkeys(_NAMES.findall(asked.sql)):
            if name not in have:
                raise QueryError(f"query: nothing fills ${name} in; mend the page")
            binds[name] = have[name]
        sql = asked.sql.strip()
        if sort:
            order = f"{named(sort.lstrip('-'))}{' desc' if sort.startswith('-') else ''}"
            sql = f"select * from (\n{sql}\n) order by {order} nulls last"
        if asked.most is not None and not is_whole:
            sql += f"\nlimit {asked.most + 1}"
        spans = [asked.last, RANGES[self.settings["last"]] if asked.is_ranged else None]
        last = min((span for span in spans if span is not None), default=None)
        return Query(sql, binds, last)

    def asks(self) -> list[Query]:
        """Return what it asks to begin with, as far as it is set rightly."""
        due = [self._due(each) for each in self._followed if not self._is_idle(each.asked)]
        return [each for each in due if isinstance(each, Query)]

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take what a hand did on the page."""
        if "zone" in message:
            self._local = _zone(str(message["zone"]))
        for name, value in (message.get("set") or {}).items():
            self.settings.set(str(name), str(value))
        if message.get("set"):
            self._show_bar()
        for do in dict.fromkeys(self._heeded.get(name) for name in message.get("set") or {}):
            if do is not None:
                self._start(self._done(do, message))
        if do := self._heard.get(str(message.get("do"))):
            self._start(self._done(do, message))
        self._start(self.refresh())

    def begin(self, is_there: Callable[[], bool]) -> None:
        """Show what is asked for, while somebody is there: the page is in a browser."""
        self._doc, self._is_there = pn.state.curdoc, is_there
        self._start(self.refresh())

    def tick(self) -> None:
        """Look whether anything is new, without making the page wait for it."""
        if self._is_there():
            self._start(self.refresh())

    async def refresh(self) -> None:
        """Ask what is due again, and show what has changed."""
        await self._show_clock()
        await asyncio.gather(*map(self._renew, self._followed))

    async def _renew(self, each: _Followed) -> None:
        if each.is_asking:
            each.is_again = True
            return
        each.is_asking = True
        try:
            is_again = True
            while is_again:
                each.is_again = False
                await self._ask_again(each)
                is_again = each.is_again and each.shown != self._due(each)
        finally:
            each.is_asking = False

    async def _ask_again(self, each: _Followed) -> None:
        due = self._due(each)
        if isinstance(due, LeadlineError):
            answer = Answer(due, self.at or clock.BEGINNING, 0.0)
        elif self._is_idle(each.asked):
            answer = Answer(_NOTHING, self._until or clock.BEGINNING, 0.0)
            each.shown = due
        else:
            is_other, each.shown = each.shown != due, due
            if is_other and (last := self.paced.last(due, self.at)):
                self.change(partial(self._take, each, last, is_last=True))
            answer = await self.paced.later(self.paced.ask, due, self.at)
        self.change(partial(self._take, each, answer))

    def _is_idle(self, asked: Asked) -> bool:
        return bool(asked.wants) and not any(self.settings[name] for name in asked.wants)

    def _due(self, each: _Followed) -> Query | LeadlineError:
        try:
            return self.filled(each.asked, sort=self._sort(each.part))
        except LeadlineError as error:
            return error

    def _sort(self, part: Part) -> str:
        setting = getattr(part, "sort", None)
        return self.settings[setting] if setting else ""

    def _take(self, each: _Followed, answer: Answer, *, is_last: bool = False) -> None:
        rows, most = answer.rows, each.asked.most
        if isinstance(each.part, Table):
            each.part.sorted_by = self._sort(each.part)
        if each.panel is not None:
            sql = each.shown.sql if each.shown else each.asked.sql
            each.panel.show(answer, sql, self.look, most, is_last=is_last)
        if most is not None and isinstance(rows, pa.Table):
            rows = rows.slice(0, most)
        each.part.look = self.look
        each.part.take(rows)

    async def _show_clock(self) -> None:
        try:
            tick = await self.paced.ticked(self.at)
        except LeadlineError as error:
            said = f'<p class="clock error" role="alert">{text.sentence(error)}</p>'
        else:
            self._until = tick.until
            there = tick.until.astimezone(self.look.zone)
            zone = ZONES[self.settings["tz"]] if self.look.zone != text.UTC else "UTC"
            mode = "past" if self.at and tick.until == self.at else "beat"
            said = (
                f'<p class="clock"><i class="{mode}"></i>{there:%Y-%m-%d} '
                f"<b>{there:%H:%M:%S}</b> {zone}</p>"
            )
        self.change(lambda: setattr(self.clock, "html", said))
        self.change(lambda: self.touch.tell({"tick": True}))

    async def _done(self, do: Callable[[Mapping[str, Any]], Any], said: Mapping[str, Any]) -> None:
        try:
            found = do(said)
            if asyncio.iscoroutine(found):
                await found
        except LeadlineError as error:
            sentence = str(error)
            self.change(lambda: self.touch.tell({"error": sentence}))

    def _show_bar(self) -> None:
        said = "".join(
            f'<p class="banner" role="alert">{text.sentence(fault)}</p>'
            for fault in self.settings.faults.values()
        )
        self.faults.html = f'<div class="faults">{said}</div>'
        if self._barred:
            fields = self.settings.html(self._barred)
            self._bar.html = f'<form class="bar" role="search">{fields}</form>'

    def _start(self, work: Any) -> None:
        try:
            task = asyncio.get_running_loop().create_task(work)
        except RuntimeError:  # laid out where nothing runs, as for an export
            work.close()
            return
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def settings_of(controls: Sequence[Control], last: str | None, said: Mapping[str, str]) -> Settings:
    """Return a page's settings: its own, those of all pages, and its range if it has one."""
    ranged = [Choice("last", "Range", default=last, options={n: n for n in RANGES})] if last else []
    return Settings([*controls, *ranged, *COMMON], said)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return text.UTC
