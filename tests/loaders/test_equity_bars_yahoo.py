"""Yahoo's answers land as months and days of prices as they traded; a server here tells them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import from_files, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import equity_bars_yahoo
from tests.charts import Traded, Yahoo, opens
from tests.sites import Answer, answering
from tests.stores import ask, knowing_sessions, pulled_at, seen

NAME = "equity_bars_yahoo"
MESSAGES = Path(__file__).parent / "messages"
KNOWN = Span(datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC))
AT = datetime(2024, 7, 17, 20, 30, tzinfo=UTC)  # half an hour after the close
SPLIT = date(2024, 7, 9)
DAYS = [date(2024, 6, 27), date(2024, 6, 28), date(2024, 7, 1), date(2024, 7, 2),
        date(2024, 7, 8), SPLIT, date(2024, 7, 16), date(2024, 7, 17)]  # fmt: skip
JULY = Span(datetime(2024, 7, 16, tzinfo=UTC), AT)


def traded(day: date) -> Traded:
    price = 100.5 if day < SPLIT else 25.25
    return opens(day), price, price + 1, price - 0.5, price + 0.25, 1_000 + day.day


def minute(day: date, hour: int, at: int) -> Traded:
    return datetime(day.year, day.month, day.day, hour, at, tzinfo=UTC), 25, 26, 24, 25.5, 10


@pytest.fixture
def yahoo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Yahoo]:
    with answering(Yahoo(AT)) as yahoo:
        monkeypatch.setattr(equity_bars_yahoo, "ADDRESS", f"{yahoo.url}/chart")
        yahoo.days = {"BRK-B": [traded(day) for day in DAYS]}
        today = DAYS[-1]
        yahoo.minutes = {
            "BRK-B": [
                minute(DAYS[-2], 12, 0), minute(DAYS[-2], 13, 30), minute(DAYS[-2], 19, 59),
                minute(DAYS[-2], 20, 0), minute(today, 13, 31),
            ]
        }  # fmt: skip
        yahoo.events = {"BRK-B": {"splits": {SPLIT: (4, 1)}, "dividends": {date(2024, 7, 2): 1.0}}}
        yield yahoo


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        http.symbols = ("BRK.B",)
        yield http


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(KNOWN, tmp_path / "store") as store:
        yield store


def pulled(store: Store, http: Http, span: Span = JULY, at: datetime = AT) -> list[Loaded]:
    return list(pulled_at(equity_bars_yahoo, at, store, span, http))


def load(store: Store, *paths: Path) -> list[Loaded]:
    found = plan(NAME, equity_bars_yahoo, paths).files
    return list(from_files(NAME, equity_bars_yahoo, store, found))


def bars(store: Store, length: str = "1d") -> list[dict[str, Any]]:
    rows = [row for row in ask(store.place, "raw.equity_bars") if row["bar"] == length]
    return sorted(rows, key=lambda row: row["starts_at"])


def test_the_month_of_a_span_is_loaded_whole_and_the_minutes_by_day(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    loads = pulled(store, http)

    assert [(each.coverage, each.n_rows, each.n_rejected) for each in loads] == [
        ("BRK.B_1d_202407", 8, 0), ("BRK.B_1m_20240716", 2, 0), ("BRK.B_1m_20240717", 1, 0),
    ]  # fmt: skip


def test_bars_and_actions_are_as_they_traded(yahoo: Yahoo, store: Store, http: Http) -> None:
    pulled(store, http)

    first, *_, last = bars(store)
    assert {name: first[name] for name in ("symbol", "open", "high", "low", "close", "volume")} == {
        "symbol": "BRK.B", "open": Decimal("100.5"), "high": Decimal("101.5"), "low": 100,
        "close": Decimal("100.75"), "volume": 1_001,
    }  # fmt: skip
    assert (first["adjusted"], first["note"]) == ("none", None)
    assert (last["close"], last["volume"]) == (Decimal("25.5"), 1_017)
    actions = seen(
        ask(store.place, "raw.corporate_actions"), "ex_date", "action", "ratio", "amount_usd"
    )
    assert actions == [
        (date(2024, 7, 2), "dividend", None, 1),
        (SPLIT, "split", 4, None),
    ]


def test_a_session_is_known_half_an_hour_after_its_close_and_a_minute_one_after_its_end(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    pulled(store, http)

    row, minutes = bars(store)[-1], bars(store, "1m")
    assert (row["starts_at"], row["known_at"]) == (opens(DAYS[-1]), AT)
    assert [(each["starts_at"], each["known_at"] - each["starts_at"]) for each in minutes] == [
        (opens(DAYS[-2]), timedelta(minutes=2)),
        (datetime(2024, 7, 16, 19, 59, tzinfo=UTC), timedelta(minutes=2)),
        (datetime(2024, 7, 17, 13, 31, tzinfo=UTC), timedelta(minutes=2)),
    ]


def test_a_session_that_may_still_change_is_not_taken(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    pulled(store, http, at=AT - timedelta(minutes=1))

    assert [row["session_date"] for row in bars(store)] == DAYS[2:-1]


def test_the_same_again_adds_nothing_and_the_next_session_only_itself(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    yahoo.at = yesterday = AT - timedelta(days=1)
    pulled(store, http, Span(JULY.since, yesterday), yesterday)
    again = pulled(store, http, Span(JULY.since, yesterday), yesterday)
    yahoo.at = AT

    loads = pulled(store, http)

    assert {each.is_new for each in again} == {False}
    assert [(each.coverage, each.n_rows, each.n_gone) for each in loads if each.is_new] == [
        ("BRK.B_1d_202407", 1, 0), ("BRK.B_1m_20240717", 1, 0),
    ]  # fmt: skip


def test_a_span_inside_a_day_takes_nothing_of_that_day_back(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    pulled(store, http)
    noon = datetime(2024, 7, 16, 16, tzinfo=UTC)

    loads = [
        *pulled(store, http, Span(noon, AT)),
        *pulled(store, http, Span(JULY.since, noon)),
        *pulled(store, http, Span(JULY.since, AT + timedelta(days=28)), AT + timedelta(days=28)),
    ]

    assert {each.n_gone for each in loads} == {0}


def test_a_later_split_changes_nothing_that_is_held(yahoo: Yahoo, store: Store, http: Http) -> None:
    pulled(store, http)
    later = AT + timedelta(days=20)
    yahoo.at, yahoo.events["BRK-B"]["splits"] = later, {SPLIT: (4, 1), date(2024, 8, 1): (1, 10)}
    yahoo.days["BRK-B"] = [*yahoo.days["BRK-B"], (opens(date(2024, 8, 6)), 250, 260, 240, 255, 9)]

    loads = pulled(store, http, Span(JULY.since, later), later)

    assert [(each.coverage, each.n_rows, each.n_gone) for each in loads if each.is_new] == [
        ("BRK.B_1d_202408", 2, 0),
    ]  # fmt: skip


def test_what_is_before_the_month_helps_to_judge_and_is_not_loaded(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    wrong = (opens(DAYS[2]), 10_050.0, 10_050.0, 10_050.0, 10_050.0, 1_001.0)
    yahoo.days["BRK-B"] = [
        wrong if bar[0].date() == DAYS[2] else bar
        for bar in yahoo.days["BRK-B"]
    ]  # fmt: skip

    pulled(store, http)

    first = bars(store)[0]
    assert (first["session_date"], first["close"]) == (DAYS[2], Decimal("100.5"))
    assert first["note"] == "mended: a hundredfold price"


def test_minutes_are_asked_for_a_week_at_once_and_no_further_back_than_they_are_kept(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    pulled(store, http, Span(datetime(1980, 1, 1, tzinfo=UTC), AT))

    asked = [each.path for each in yahoo.asked if "interval=1m" in each.path]
    assert len(asked) == 5
    assert not [each for each in asked if "period1=0" in each]


def test_a_stock_that_yahoo_does_not_know_is_told_after_the_others(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    http.symbols = ("GONE", "BRK.B")

    with pytest.raises(FeedError) as told:
        pulled(store, http)

    assert str(told.value) == (
        "equity_bars_yahoo: Yahoo knows no GONE; the others are loaded, leave it out"
    )
    assert len(bars(store)) == 6


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(429, b"Edge: Too Many Requests"), "says 'Too Many Requests'; it turns away clien"),
        (Answer(200, b"<html>Will be right back...</html>"), "it is down; try again later"),
        (Answer(200, b"<html>"), r"BRK-B:1: no JSON; Expecting value"),
        (Answer(422, b"1m data not available"), "422 .*says '1m data not available'"),
        (Answer(200, b'{"chart":{"result":[{}]}}'), "no 'meta' in it"),
    ],
)
def test_what_is_no_data_is_one_sentence(
    yahoo: Yahoo, http: Http, store: Store, answer: Answer, sentence: str
) -> None:
    yahoo.answers = [answer]

    with pytest.raises(FeedError, match=sentence):
        pulled(store, http)

    assert len(yahoo.asked) == 1


def test_another_stock_than_the_one_asked_for_is_refused(
    yahoo: Yahoo, http: Http, store: Store
) -> None:
    yahoo.answers = [Answer(200, (MESSAGES / "GOOG.chart.json").read_bytes())]

    with pytest.raises(FeedError, match=r"BRK\.B was asked, and 'GOOG' answered"):
        pulled(store, http)


def test_a_saved_answer_is_one_bar_of_the_session_and_its_live_row(tmp_path: Path) -> None:
    day = Span(datetime(2017, 11, 1, tzinfo=UTC), datetime(2017, 11, 10, tzinfo=UTC))
    with knowing_sessions(day, tmp_path / "store") as store:
        (loaded,) = load(store, MESSAGES / "GOOG.chart.json")
        (row,) = bars(store)

    assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == ("GOOG.chart.json", 1, 0)
    assert (row["session_date"], row["volume"]) == (date(2017, 11, 3), 1_076_350)
    assert (row["high"], row["note"]) == (Decimal("1032.65"), "mended: a live row beside it")
    assert row["known_at"] == datetime(2017, 11, 3, 20, 30, tzinfo=UTC)


TABLE = """\
Datetime,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits
2024-07-01 00:00:00-04:00,10,11,9,10,9.8,100,0.0,0.0
2024-07-02 00:00:00-04:00,10,11,9,10,9.8,100,0.1,0.0
2024-07-03 00:00:00-04:00,10,9,11,10,9.8,100,0.0,0.0
2024-07-04 00:00:00-04:00,10,11,9,10,9.8,100,0.0,0.0
2024-07-05 00:00:00-04:00,,11,9,10,9.9,100,0.1,0.0
2024-07-08 00:00:00-04:00,,,,,,,0.0,0.0
2024-07-09 00:00:00-04:00,-10,11,-10,10,10,100,0.0,0.0
"""


def test_what_breaks_the_contract_is_set_aside_with_its_reason(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "TOLD-1d.csv").write_text(TABLE)

    (loaded,) = load(store, tmp_path)

    reasons = sorted(row["reason"] for row in ask(store.place, "raw.rejected"))
    assert [each[:40] for each in reasons] == [
        "not (((open IS NOT NULL) AND (high IS NO",
        'not (low <= open) AND (low <= "close") A',
        "not (open > 0) AND (high > 0) AND (low >",
        "not note IS DISTINCT FROM 'doubted: told",
        "session_date 2024-07-04 is no session of",
    ]
    assert (loaded.n_rows, loaded.n_rejected) == (3, 5)
