"""Alpaca's pages land as the bars that they are, and 2,500 stocks take few of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.clock import Span
from leadline.errors import ConfigError, FeedError
from leadline.http import Http
from leadline.publication import Loaded
from leadline.store import Store
from loaders import equity_bars_alpaca
from tests.alpaca import KEYS, Alpaca, bar
from tests.sites import Answer, answering, as_json
from tests.stores import ask, knowing_sessions, pulled_at, seen

NAME = "equity_bars_alpaca"
KNOWN = Span(datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 8, 1, tzinfo=UTC))
AT = datetime(2024, 7, 17, 15, 3, 30, tzinfo=UTC)  # 11:03 in New York
FRIDAY, TUESDAY, TODAY = date(2024, 7, 12), date(2024, 7, 16), date(2024, 7, 17)
LATELY = Span(AT - timedelta(minutes=2), AT)
SINCE_TUESDAY = Span(datetime(2024, 7, 16, 14, tzinfo=UTC), AT)
MANY = tuple(f"T{n:04}" for n in range(2_500))  # five letters, as the longest have


def told(symbol: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return sessions where midnights are asked for, else a bar every minute."""
    if since.hour == until.hour == 4 and since.minute == until.minute == 0:
        days = [datetime(d.year, d.month, d.day, 4, tzinfo=UTC) for d in (FRIDAY, TUESDAY, TODAY)]
        return [bar(day, v=1.25) for day in days if since <= day <= until]
    first = max(since, since.replace(hour=13, minute=30))
    n_minutes = (min(until, since.replace(hour=20, minute=0)) - first) // timedelta(minutes=1)
    return [bar(first + timedelta(minutes=n)) for n in range(n_minutes + 1)]


def running(symbol: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return a bar every minute of what is asked for, and no session."""
    if since.hour == 4:
        return []
    return [
        bar(since + timedelta(minutes=n))
        for n in range((until - since) // timedelta(minutes=1) + 1)
    ]


@pytest.fixture
def alpaca(monkeypatch: pytest.MonkeyPatch) -> Iterator[Alpaca]:
    with answering(Alpaca(told)) as alpaca:
        monkeypatch.setattr(equity_bars_alpaca, "ADDRESS", f"{alpaca.url}/v2/stocks/bars")
        for name, value in {**KEYS, "LEADLINE_ALPACA_DELAY_MIN": "0"}.items():
            monkeypatch.setenv(name, value)
        yield alpaca


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        http.symbols = ("AAPL", "BRK.B")
        yield http


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(KNOWN, tmp_path / "store") as store:
        yield store


def pulled(store: Store, http: Http, span: Span = LATELY, at: datetime = AT) -> list[Loaded]:
    return list(pulled_at(equity_bars_alpaca, at, store, span, http))


def rows(store: Store, length: str) -> list[dict[str, Any]]:
    return [row for row in ask(store.place, "raw.equity_bars") if row["bar"] == length]


def test_sessions_are_loads_of_a_month_from_their_open_to_their_close(
    alpaca: Alpaca, store: Store, http: Http
) -> None:
    loads = pulled(store, http, SINCE_TUESDAY)

    assert [each.coverage.rpartition("_")[0] for each in loads][:2] == ["1d_202407", "1m_20240716"]
    row = next(row for row in rows(store, "1d") if row["symbol"] == "BRK.B")
    wanted = {
        "session_date": FRIDAY, "starts_at": datetime(2024, 7, 12, 13, 30, tzinfo=UTC),
        "known_at": datetime(2024, 7, 12, 20, 15, tzinfo=UTC), "open": 10, "high": 11, "low": 9,
        "close": Decimal("10.5"), "volume": Decimal("1.25"), "adjusted": "none",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert {row["session_date"] for row in rows(store, "1d")} == {FRIDAY, TUESDAY}


def test_minutes_of_the_day_that_runs_are_loads_of_five(
    alpaca: Alpaca, store: Store, http: Http
) -> None:
    pulled(store, http)

    minutes = rows(store, "1m")
    assert seen(minutes, "symbol", "starts_at") == [
        (symbol, datetime(2024, 7, 17, 15, n, tzinfo=UTC))
        for symbol in ("AAPL", "BRK.B")
        for n in range(3)
    ]
    assert {row["known_at"] - row["starts_at"] for row in minutes} == {timedelta(minutes=1)}


def test_a_minute_later_only_what_is_new_is_added(alpaca: Alpaca, store: Store, http: Http) -> None:
    pulled(store, http)

    later = AT + timedelta(minutes=1)
    (loaded,) = pulled(store, http, Span(LATELY.since, later), later)

    assert (loaded.coverage.rpartition("_")[0], loaded.n_rows) == ("1m_20240717_1500", 2)


def test_a_span_that_ends_earlier_takes_nothing_back(
    alpaca: Alpaca, store: Store, http: Http
) -> None:
    pulled(store, http)

    loads = [
        *pulled(store, http, Span(LATELY.since, AT - timedelta(minutes=1))),
        *pulled(store, http, Span(AT - timedelta(seconds=30), AT)),
    ]

    assert {(each.n_rows, each.n_gone) for each in loads} == {(0, 0)}


def test_a_bar_that_late_prints_change_is_a_version_known_when_it_came(
    alpaca: Alpaca, store: Store, http: Http
) -> None:
    pulled(store, http)
    alpaca.bars = lambda *asked: [each | {"v": 101} for each in told(*asked)]

    (loaded,) = pulled(store, http)

    assert (loaded.n_rows, loaded.n_gone) == (6, 0)
    assert {row["known_at"] > KNOWN.until for row in rows(store, "1m") if row["volume"] == 101} == {
        True
    }


def test_a_day_that_is_over_is_one_load_however_many_pages_it_takes(
    alpaca: Alpaca, store: Store, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equity_bars_alpaca, "PAGE", 100)
    span = Span(datetime(2024, 7, 16, 14, tzinfo=UTC), datetime(2024, 7, 16, 15, tzinfo=UTC))

    _, day = pulled(store, http, span)

    assert (day.coverage.rpartition("_")[0], day.n_rows, day.n_rejected) == ("1m_20240716", 782, 0)
    assert len([query for query in alpaca.queries if query["timeframe"] == "1Min"]) == 8
    assert max(Counter(seen(rows(store, "1m"), "symbol", "starts_at")).values()) == 1


def test_what_is_asked_is_the_tape_as_it_traded(alpaca: Alpaca, store: Store, http: Http) -> None:
    pulled(store, http)

    query = alpaca.queries[-1]
    assert query == {
        "symbols": "AAPL,BRK.B", "timeframe": "1Min", "start": "2024-07-17T15:00:00Z",
        "end": "2024-07-17T15:02:00Z", "limit": "10000", "adjustment": "raw", "feed": "sip",
        "asof": "-", "sort": "asc",
    }  # fmt: skip


@pytest.mark.parametrize(("behind", "n_rows"), [(1, 2_500), (3, 7_500), (6, 17_500)])
def test_a_refresh_of_2500_stocks_takes_two_questions(
    alpaca: Alpaca, http: Http, behind: int, n_rows: int
) -> None:
    alpaca.bars = running
    http.symbols = MANY
    at = datetime(2024, 7, 17, 15, 7 if behind == 6 else 5 + behind, 30, tzinfo=UTC)

    batches = list(
        equity_bars_alpaca.pull(Span(at - timedelta(minutes=behind), at), http, lambda: at)
    )

    assert sum(len(cast(Any, rows).rows) for _, rows in batches) == n_rows
    assert len(alpaca.asked) == 2
    assert alpaca.most_letters < 8_000


def test_without_keys_nobody_is_asked(
    alpaca: Alpaca, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEADLINE_ALPACA_SECRET")

    with pytest.raises(ConfigError, match="set LEADLINE_ALPACA_SECRET in the environment"):
        list(equity_bars_alpaca.pull(LATELY, http, lambda: AT))

    assert alpaca.asked == []


def test_keys_are_shown_to_alpaca_and_in_no_sentence(
    alpaca: Alpaca, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_ALPACA_KEY_ID", "AKIDOFSOMEBODY")

    with pytest.raises(
        FeedError, match=r"403 Forbidden .*'{\"message\": \"forbidden\.\"}'"
    ) as said:
        list(equity_bars_alpaca.pull(LATELY, http, lambda: AT))

    assert "AKIDOFSOMEBODY" not in str(said.value)
    assert alpaca.asked[0].headers["APCA-API-SECRET-KEY"] == KEYS["LEADLINE_ALPACA_SECRET"]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (as_json(200, {"bars": None, "next_page_token": None}), None),
        (as_json(200, {"bars": {}}), "no 'next_page_token' in it"),
        (as_json(200, {"bars": {"A": [{"t": "soon"}]}, "next_page_token": None}), "Invalid isof"),
        (as_json(400, {"message": "invalid symbol: A$"}), "400 Bad Request .*invalid symbol"),
        (Answer(200, b"<html>"), "no JSON from 127.0.0.1/v2/stocks/bars"),
    ],
)
def test_an_answer_of_another_shape_is_one_sentence(
    alpaca: Alpaca, http: Http, answer: Answer, sentence: str | None
) -> None:
    alpaca.answers = [answer]

    if sentence is None:
        assert len(list(equity_bars_alpaca.pull(LATELY, http, lambda: AT))) == 0
    else:
        with pytest.raises(FeedError, match=sentence):
            list(equity_bars_alpaca.pull(LATELY, http, lambda: AT))


def test_the_free_plan_s_delay_leaves_the_last_minutes_out(
    alpaca: Alpaca, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEADLINE_ALPACA_DELAY_MIN")
    hour = Span(AT - timedelta(hours=1), AT)

    list(equity_bars_alpaca.pull(hour, http, lambda: AT))

    assert alpaca.queries[-1]["end"] == "2024-07-17T14:46:00Z"


def test_a_delay_that_is_none_is_told(
    alpaca: Alpaca, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_ALPACA_DELAY_MIN", "soon")

    with pytest.raises(FeedError, match="LEADLINE_ALPACA_DELAY_MIN is 'soon'; it takes whole min"):
        list(equity_bars_alpaca.pull(LATELY, http, lambda: AT))
