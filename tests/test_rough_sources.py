"""Sources that are busy, cut off, refuse or change: nothing is lost or told twice, and no haste."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import stamina

from leadline.allowance import Allowance
from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from loaders import (
    equity_bars_alpaca,
    equity_bars_stooq,
    equity_bars_yahoo,
    equity_trades_alpaca,
    finra_short_volume,
    massive_equity_days,
    nasdaq_halts,
    nyse_halts,
)
from tests.alpaca import KEYS, Alpaca, bar
from tests.charts import Yahoo, opens
from tests.sites import Answer, Asked, Site, answering, as_json
from tests.stores import FINRA_HEADER, ask, contracts, knowing_sessions, pulled_at, seen

KNOWN = Span(datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC))
AT = datetime(2024, 7, 17, 22, tzinfo=UTC)
DAYS = [date(2024, 7, n) for n in (8, 9, 10, 11, 12, 15, 16, 17)]
SYMBOLS = ("AAPL", "BRK.B", "MSFT", "SPY", "TSLA")
PER_SECOND = 40.0
JITTER_S = 0.05  # between a turn and the question at the server, on a busy machine
BUSY = (429, 500, 502, 503, 504)


@dataclass
class Rough(Site):
    """Stands before a source: now and then it is busy, or breaks off, or refuses.

    No question finds it so more than three times in a row.
    """

    source: Site
    seed: int | None = None
    refuses: int | None = None  # the question that is refused, and all behind it
    n_faults: int = 0
    in_row: int = 0
    kinds: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.chance = Random(self.seed)

    def answer(self, asked: Asked) -> Answer:
        if self.refuses is not None and len(self.asked) > self.refuses:
            return Answer(403, b"blocked")
        if self.seed is not None and self.in_row < 3 and self.chance.random() < 0.4:
            self.in_row, self.n_faults = self.in_row + 1, self.n_faults + 1
            kind = self.chance.choice(("busy", "cut"))
            self.kinds.add(kind)
            if kind == "busy":
                return Answer(self.chance.choice(BUSY), b"", {"Retry-After": "0"})
            whole = self.source.answer(asked)
            whole.breaks_after = len(whole.body) // 2
            return whole if whole.body else Answer(503, b"")
        self.in_row = 0
        return self.source.answer(asked)


class Finra(Site):
    """Has a file of two facilities a day, and none of the others."""

    shares = 1

    def answer(self, asked: Asked) -> Answer:
        facility, _, day = asked.name.removesuffix(".txt").partition("shvol")
        if facility not in ("CNMS", "FNSQ") or day not in {f"{each:%Y%m%d}" for each in DAYS}:
            return Answer(403, b"<Code>AccessDenied</Code>")
        lines = [f"{day}|{symbol}|{self.shares}|0|9|Q" for symbol in SYMBOLS]
        return Answer(200, "\r\n".join([FINRA_HEADER, *lines, str(len(lines)), ""]).encode())


class Stooq(Site):
    close = 11

    def answer(self, asked: Asked) -> Answer:
        lines = [f"2024-06-{day},10,12,9,{self.close},100" for day in (27, 28)]
        return Answer(200, "\n".join(["Date,Open,High,Low,Close,Volume", *lines, ""]).encode())


class Market(Site):
    close = 2.0

    def answer(self, asked: Asked) -> Answer:
        ended = int(datetime.fromisoformat(f"{asked.name}T20:00:00Z").timestamp() * 1_000)
        facts = {"o": 1, "h": 3, "l": 1, "c": self.close, "v": 10, "t": ended}
        return as_json(
            200, {"adjusted": False, "results": [{"T": symbol, **facts} for symbol in SYMBOLS]}
        )


class Halts(Site):
    """Halts each stock once on the first day that is asked for; one may have another issuer."""

    issuer = "SPY Inc"

    def answer(self, asked: Asked) -> Answer:
        said = {name: value for name, (value,) in parse_qs(urlsplit(asked.path).query).items()}
        return Answer(200, self.told(said).encode())

    def told(self, said: dict[str, str]) -> str:
        """Return what is asked for in the source's own form."""
        raise NotImplementedError

    def issuers(self) -> list[tuple[str, str]]:
        return [(each, self.issuer if each == "SPY" else f"{each} Inc") for each in SYMBOLS]


class Nasdaq(Halts):
    def told(self, said: dict[str, str]) -> str:
        day = f"{datetime.strptime(said.get('haltdate', f'{AT:%m%d%Y}'), '%m%d%Y'):%m/%d/%Y}"
        items = [
            f"<item><n:HaltDate>{day}</n:HaltDate><n:HaltTime>10:00:00</n:HaltTime>"
            f"<n:IssueSymbol>{symbol}</n:IssueSymbol><n:IssueName>{issuer}</n:IssueName>"
            f"<n:ReasonCode>LUDP</n:ReasonCode>"
            f"<n:ResumptionDate>{day}</n:ResumptionDate>"
            f"<n:ResumptionTradeTime>10:05:00</n:ResumptionTradeTime></item>"
            for symbol, issuer in self.issuers()
        ]
        return (
            '<rss version="2.0" xmlns:n="http://www.nasdaqtrader.com/"><channel>'
            f"<n:numItems>{len(items)}</n:numItems>{''.join(items)}</channel></rss>"
        )


class Nyse(Halts):
    def told(self, said: dict[str, str]) -> str:
        day = said["haltDateFrom"]
        lines = [
            f"{day},10:00:00,{symbol},{issuer},NYSE,LULD pause,{day},10:05:00"
            for symbol, issuer in self.issuers()
        ]
        return "\n".join([",".join(nyse_halts.COLUMNS), *lines, ""])


def alpaca(close: float = 10.5) -> Alpaca:
    def told(symbol: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
        step = timedelta(days=1) if (since.hour, until.hour) == (4, 4) else timedelta(hours=6)
        first = since if step.days else since + timedelta(hours=10)
        times = [first + step * n for n in range((until - first) // step + 1)]
        return [bar(at, close) for at in times if at.date() in DAYS]

    return Alpaca(told)


def prints(close: float = 10.5) -> Alpaca:
    def told(symbol: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
        facts = {"x": "D", "p": close, "s": 100, "c": ["@"], "z": "C"}
        times = [since + timedelta(seconds=n) for n in range(2)]
        return [
            facts | {"i": n, "t": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
            for n, at in enumerate(times)
            if at.date() in DAYS and at.hour == 15
        ]

    return Alpaca(lambda *_: [], {"trades": told, "quotes": lambda *_: []})


def yahoo(close: float = 10.5) -> Yahoo:
    site = Yahoo(AT)
    for symbol in ("AAPL", "BRK-B", "MSFT", "SPY", "TSLA"):
        site.days[symbol] = [(opens(day), 10, 11, 9, close, 100) for day in DAYS]
        site.minutes[symbol] = [
            (opens(day) + timedelta(minutes=n), 10, 11, 9, close, 100)
            for day in DAYS[-3:]
            for n in range(20)
        ]
    return site


@dataclass(frozen=True)
class Case:
    """A feed, what its source is like, and how it is asked."""

    module: ModuleType
    source: Any
    dataset: str = "equity_bars"
    since: date = date(2024, 7, 9)
    address: str = "ADDRESS"
    has_clock: bool = True
    is_once: bool = False  # what is held is not asked for again
    refuses: int = 3

    @property
    def name(self) -> str:
        return self.module.__name__.rpartition(".")[2]

    @property
    def span(self) -> Span:
        return Span(datetime(self.since.year, self.since.month, self.since.day, tzinfo=UTC), AT)

    def pulled(self, store: Store, http: Http) -> Iterator[Loaded]:
        if self.has_clock:
            return pulled_at(self.module, AT, store, self.span, http)
        return over_network(self.name, self.module, store, self.span, http)


Smooth = Callable[[Case], tuple[list[tuple[Any, ...]], int]]
CASES = [
    Case(equity_bars_yahoo, yahoo),
    Case(equity_bars_stooq, Stooq, since=date(2024, 6, 1), is_once=True),
    Case(equity_bars_alpaca, alpaca, refuses=9),
    Case(equity_trades_alpaca, prints, dataset="equity_trades", since=DAYS[-1], refuses=62),
    Case(massive_equity_days, Market, is_once=True),
    Case(nasdaq_halts, Nasdaq, dataset="halts"),
    Case(nyse_halts, Nyse, dataset="halts", since=date(2024, 4, 9), refuses=2),
    Case(
        finra_short_volume, Finra, dataset="short_volume", since=date(2024, 7, 15), has_clock=False
    ),
]


NOW = ("finra_short_volume",)  # the others are behind `make soak`


@pytest.fixture(
    params=[
        pytest.param(case, id=case.name, marks=() if case.name in NOW else pytest.mark.soak)
        for case in CASES
    ]
)
def case(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    for name, value in {**KEYS, "LEADLINE_MASSIVE_API_KEY": "k3y-of-massive"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(equity_bars_alpaca, "PAGE", 7)
    monkeypatch.setattr(equity_trades_alpaca, "PAGE", 7)
    with stamina.set_testing(True, attempts=6):
        yield request.param


@contextmanager
def asking(case: Case, site: Site, folder: Path) -> Iterator[Http]:
    """Open the feed's way to a site, at a pace of its own."""
    with (
        answering(site),
        pytest.MonkeyPatch.context() as patch,
        Http(case.name, contact=None, folder=folder, per_second=PER_SECOND, tries=6) as http,
    ):
        patch.setattr(case.module, case.address, f"{site.url}/x")
        http.symbols = SYMBOLS
        yield http


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(KNOWN, tmp_path / "store") as store:
        yield store


def held(case: Case, store: Store) -> list[tuple[Any, ...]]:
    """Return every row of every load, and none for what it is the newer version of."""
    return seen(ask(store.place, f"raw.{case.dataset}"), *contracts()[case.dataset].names)


@pytest.fixture(scope="module")
def smooth(tmp_path_factory: pytest.TempPathFactory) -> Smooth:
    """Return what a source brings that is always there, and how many questions that takes."""

    @cache
    def found(case: Case) -> tuple[list[tuple[Any, ...]], int]:
        folder = tmp_path_factory.mktemp("smooth")
        with (
            knowing_sessions(KNOWN, folder / "store") as store,
            case.source() as source,
            asking(case, site := Rough(source), folder / "http") as http,
        ):
            list(case.pulled(store, http))
            return held(case, store), len(site.asked)

    return found


def longest_lead_s(asked: list[Asked]) -> float:
    """Return by how much a question came before its turn, at most."""
    moment = [asked[0].at_s]
    allowance = Allowance(PER_SECOND * 60, 1, lambda: moment[0])
    leads = []
    for each in asked:
        moment[0] = each.at_s
        leads.append(allowance.wait_s())
    return max(leads)


def test_a_busy_source_that_breaks_off_loses_and_doubles_nothing_and_is_not_hurried(
    case: Case, store: Store, tmp_path: Path, smooth: Smooth
) -> None:
    with case.source() as source:
        site = Rough(source, seed=3)
        with asking(case, site, tmp_path / "http") as http:
            loads = list(case.pulled(store, http))

    assert {each.n_rejected for each in loads} == {0}
    assert held(case, store) == smooth(case)[0]
    assert site.n_faults > 0
    assert longest_lead_s(site.asked) < JITTER_S


def test_after_a_refusal_the_next_run_goes_on_and_tells_nothing_twice(
    case: Case, store: Store, tmp_path: Path, smooth: Smooth
) -> None:
    wanted, n_questions = smooth(case)
    with case.source() as source:
        site = Rough(source, refuses=case.refuses)
        with (
            asking(case, site, tmp_path / "http") as http,
            pytest.raises(FeedError, match=r"403 Forbidden .*'blocked'; the source refused"),
        ):
            list(case.pulled(store, http))
        before = held(case, store)
        again = Rough(source)
        with asking(case, again, tmp_path / "http") as http:
            loads = list(case.pulled(store, http))

    assert len(site.asked) == case.refuses + 1
    assert 0 < len(before) < len(wanted)
    assert held(case, store) == wanted
    assert {each.n_gone for each in loads} == {0}
    if case.is_once:
        assert len(again.asked) + case.refuses == n_questions


def test_what_a_source_changes_later_is_a_version_and_the_rest_is_not_told_again(
    case: Case, store: Store, tmp_path: Path
) -> None:
    with case.source() as source, asking(case, Rough(source), tmp_path / "http") as http:
        list(case.pulled(store, http))
    n_before = len(held(case, store))

    with case.source() as source:
        change(source)
        with asking(case, site := Rough(source), tmp_path / "http") as http:
            loads = list(case.pulled(store, http))

    assert (sum(each.n_rows for each in loads), sum(each.n_gone for each in loads)) == (
        (0, 0) if case.is_once else (n_changed(case, n_before), 0)
    )
    assert (site.asked == []) is case.is_once
    assert len(held(case, store)) == n_before + sum(each.n_rows for each in loads)


def change(source: Any) -> None:
    """Let a source say something else of one stock, or of all its stocks."""
    if isinstance(source, Yahoo):
        source.days["SPY"] = [(*each[:4], 10.75, each[5]) for each in source.days["SPY"]]
    elif isinstance(source, Alpaca) and source.more:
        told = source.more["trades"]
        source.more = dict(source.more) | {
            "trades": lambda symbol, *asked: [
                each | ({"u": "canceled"} if symbol == "SPY" else {})
                for each in told(symbol, *asked)
            ]
        }
    elif isinstance(source, Alpaca):
        before = source.bars
        source.bars = lambda symbol, *asked: [
            each | ({"c": 10.75} if symbol == "SPY" else {}) for each in before(symbol, *asked)
        ]
    elif isinstance(source, Finra):
        source.shares = 2
    elif isinstance(source, Halts):
        source.issuer = "SPY Corp"
    else:
        source.close = 2.5 if isinstance(source, Market) else 11.5


def n_changed(case: Case, n_rows: int) -> int:
    """Return how many rows a change touches."""
    if case.dataset == "short_volume":
        return n_rows
    return len(DAYS) if case.module is equity_bars_yahoo else n_rows // len(SYMBOLS)
