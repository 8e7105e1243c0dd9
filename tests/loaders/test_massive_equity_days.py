"""The whole market's session is one answer, asked for once when it is over."""

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
from loaders import massive_equity_days
from tests.sites import SECRET, Answer, Asked, Site, answering, as_json
from tests.stores import ask, knowing_sessions, pulled_at

NAME = "massive_equity_days"
SAVED = Path(__file__).parent / "messages" / "grouped_2023-01-09.json"
KNOWN = Span(datetime(2023, 1, 1, tzinfo=UTC), datetime(2023, 2, 1, tzinfo=UTC))
AT = datetime(2023, 1, 11, 21, 14, tzinfo=UTC)  # a minute too early for that day's
SPAN = Span(datetime(2023, 1, 7, tzinfo=UTC), AT)


class Massive(Site):
    """Tells a day's market to who shows the key; answers of its list come before that."""

    def answer(self, asked: Asked) -> Answer:
        if asked.headers["Authorization"] != f"Bearer {SECRET}":
            return as_json(401, {"status": "ERROR", "error": "Unknown API Key"})
        if self.answers:
            return self.answers.pop(0)
        day = date.fromisoformat(asked.name)
        ended = int(datetime(day.year, day.month, day.day, 21, tzinfo=UTC).timestamp() * 1_000)
        lines = [{"T": "A", "o": 1, "h": 2, "l": 1, "c": 2, "v": 10.5, "t": ended}]
        return as_json(200, {"adjusted": False, "results": lines, "status": "OK"})


@pytest.fixture
def massive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Massive]:
    with answering(Massive()) as massive:
        monkeypatch.setattr(massive_equity_days, "ADDRESS", f"{massive.url}/stocks")
        monkeypatch.setenv("LEADLINE_MASSIVE_API_KEY", SECRET)
        yield massive


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        yield http


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(KNOWN, tmp_path / "store") as store:
        yield store


def pulled(store: Store, http: Http, span: Span = SPAN, at: datetime = AT) -> list[Loaded]:
    return list(pulled_at(massive_equity_days, at, store, span, http))


def load(store: Store, path: Path) -> list[Loaded]:
    found = plan(NAME, massive_equity_days, [path]).files
    return list(from_files(NAME, massive_equity_days, store, found))


def test_a_saved_answer_is_its_day(store: Store) -> None:
    (loaded,) = load(store, SAVED)

    row = next(row for row in ask(store.place, "raw.equity_bars") if row["symbol"] == "TANH")
    assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == (SAVED.name, 3, 0)
    wanted = {
        "session_date": date(2023, 1, 9), "starts_at": datetime(2023, 1, 9, 14, 30, tzinfo=UTC),
        "known_at": datetime(2023, 1, 9, 21, 15, tzinfo=UTC), "open": Decimal("2.37"),
        "high": Decimal("2.4"), "low": Decimal("2.28"), "close": Decimal("2.28"),
        "volume": Decimal("25933.6"), "adjusted": "none",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_sessions_that_are_over_are_asked_for_once(
    massive: Massive, store: Store, http: Http
) -> None:
    loads, again = pulled(store, http), pulled(store, http)

    names = ["grouped_2023-01-09.json", "grouped_2023-01-10.json"]
    assert [(each.coverage, each.n_rows, each.n_rejected) for each in loads] == [
        (name, 1, 0) for name in names
    ]
    assert (again, massive.names) == ([], ["2023-01-09", "2023-01-10"])
    assert massive.asked[0].path.endswith("?adjusted=false&include_otc=false")


def test_without_a_begin_a_last_stretch_is_asked_for(
    massive: Massive, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(massive_equity_days, "FIRST_DAYS", timedelta(days=10))
    whole = Span(datetime(1970, 1, 1, tzinfo=UTC), AT)

    found = list(massive_equity_days.pull(whole, http, lambda: AT))

    assert len(found) == len(massive.asked)
    assert massive.names[0] == "2023-01-03"  # not the holiday


LINE = {"T": "A", "t": 1673384400000, "o": 1, "h": 1, "l": 1, "c": 1, "v": 1}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"adjusted": True}, "its prices are adjusted for splits; ask with adjusted=false"),
        ({"results": []}, "no 'adjusted' in it"),
        (
            {"adjusted": False, "results": [LINE]},
            "2023-01-09 was asked for, and 2023-01-10 answered",
        ),
        ({"adjusted": False, "results": [{"T": "A"}]}, "no 't' in it"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_what_was_asked_is_refused(
    massive: Massive, store: Store, http: Http, said: Any, sentence: str
) -> None:
    massive.answers = [as_json(200, said)]

    with pytest.raises(FeedError, match=sentence):
        pulled(store, http)


def test_a_session_that_is_not_out_yet_is_no_load(
    massive: Massive, store: Store, http: Http
) -> None:
    massive.answers = [as_json(200, {"adjusted": False, "resultsCount": 0, "status": "OK"})]

    (loaded,) = pulled(store, http)

    assert loaded.coverage == "grouped_2023-01-10.json"


def test_a_key_that_does_not_hold_is_a_refusal(
    massive: Massive, store: Store, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_MASSIVE_API_KEY", "no-key-at-all")

    with pytest.raises(FeedError, match=r"401 Unauthorized .*Unknown API Key.* the source refused"):
        pulled(store, http)
