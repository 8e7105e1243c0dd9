"""Stooq's tables land with what they are adjusted for; what is no table is one sentence."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import from_files, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import equity_bars_stooq
from tests.sites import Answer, Asked, Site, answering
from tests.stores import ask, knowing_sessions, pulled_at

NAME = "equity_bars_stooq"
TABLE = Path(__file__).parent / "messages" / "aapl_us_d.csv"
HEADER = "Date,Open,High,Low,Close,Volume\r\n"
KNOWN = Span(datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC))
AT = datetime(2024, 8, 6, 12, tzinfo=UTC)
SPAN = Span(datetime(2024, 5, 20, tzinfo=UTC), AT)
DAYS = [date(2024, 5, 1), date(2024, 5, 31), date(2024, 6, 3), date(2024, 7, 31), date(2024, 8, 5)]


class Stooq(Site):
    """Tells a table of the days that are asked for; answers of its list come before that."""

    def answer(self, asked: Asked) -> Answer:
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        if self.answers:
            return self.answers.pop(0)
        if query["s"] != "brk-b.us":
            return Answer(200, b"No data")
        days = [day for day in DAYS if query["d1"] <= f"{day:%Y%m%d}" <= query["d2"]]
        return Answer(200, (HEADER + "".join(f"{d},10,12,9,11,100\r\n" for d in days)).encode())


@pytest.fixture
def stooq(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stooq]:
    with answering(Stooq()) as stooq:
        monkeypatch.setattr(equity_bars_stooq, "ADDRESS", f"{stooq.url}/q/d/l/")
        yield stooq


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        http.symbols = ("BRK.B",)
        yield http


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(KNOWN, tmp_path / "store") as store:
        yield store


def pulled(store: Store, http: Http, span: Span = SPAN, at: datetime = AT) -> list[Loaded]:
    return list(pulled_at(equity_bars_stooq, at, store, span, http))


def load(store: Store, path: Path) -> Loaded:
    (loaded,) = from_files(
        NAME, equity_bars_stooq, store, plan(NAME, equity_bars_stooq, [path]).files
    )
    return loaded


def test_a_saved_table_is_adjusted_for_all_that_came_up_to_its_last_day(store: Store) -> None:
    loaded = load(store, TABLE)

    row = next(r for r in ask(store.place, "raw.equity_bars") if r["close"] == Decimal("210.376"))
    assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == ("aapl_us_d.csv", 3, 0)
    wanted = {
        "symbol": "AAPL", "bar": "1d", "session_date": date(2024, 6, 28),
        "starts_at": datetime(2024, 6, 28, 13, 30, tzinfo=UTC), "open": Decimal("215.2"),
        "high": Decimal("216.07"), "low": Decimal("210.3"), "volume": 82_542_718,
        "adjusted": "all", "adjusted_to": date(2024, 7, 1),
        "known_at": datetime(2024, 6, 28, 21, tzinfo=UTC),
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_the_months_that_are_over_are_loaded_and_the_one_that_runs_is_not(
    stooq: Stooq, store: Store, http: Http
) -> None:
    loads = pulled(store, http)

    assert [(each.coverage, each.n_rows) for each in loads] == [
        ("BRK.B_1d_202405", 2), ("BRK.B_1d_202406", 1), ("BRK.B_1d_202407", 1),
    ]  # fmt: skip
    assert {row["adjusted_to"] for row in ask(store.place, "raw.equity_bars")} == {AT.date()}


def test_what_is_held_is_not_asked_for_again(stooq: Stooq, store: Store, http: Http) -> None:
    pulled(store, http)

    again = pulled(store, http)
    later = pulled(
        store, http, Span(SPAN.since, datetime(2024, 9, 2, tzinfo=UTC)),
        datetime(2024, 9, 2, 12, tzinfo=UTC),
    )  # fmt: skip

    assert again == []
    assert [(each.coverage, each.n_rows) for each in later] == [("BRK.B_1d_202408", 1)]
    assert [query["d1"] for query in map(query_of, stooq.asked)] == ["20240501", "20240801"]


def query_of(asked: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}


@pytest.mark.parametrize("body", [b"No data", HEADER.encode()])
def test_a_stock_without_data_is_told_after_the_others(
    stooq: Stooq, store: Store, http: Http, body: bytes
) -> None:
    http.symbols = ("GONE", "BRK.B")
    stooq.answers = [Answer(200, body)]

    with pytest.raises(FeedError) as told:
        pulled(store, http)

    said = "equity_bars_stooq: Stooq has no data of GONE then; the others are loaded"
    assert str(told.value) == said
    assert len(ask(store.place, "raw.equity_bars")) == 4


NO_DATA = [
    (b"Get your apikey:\n1. Open https://", "wants an account's apikey from this address", 1),
    (b"Exceeded the daily hits limit", "daily limit is reached; run this again tomorrow", 3),
    (b"<html><title> Verify </title>", "a web page, 'Verify', and no bars; try again later", 1),
    (b"<!doctype html><p>", "a web page, without a title, and no bars", 1),
    (b"Date,Open,High,Low,Close\n", "'Date,Open,High,Low,Close' where 'Date,Open,High,Low,C", 1),
    (b"", "'' where 'Date,Open,High,Low,Close,Volume' should be; mend the loader", 1),
]  # fmt: skip


@pytest.mark.parametrize(("body", "sentence", "code"), NO_DATA)
def test_what_is_no_table_has_its_own_sentence_and_ends_the_run(
    stooq: Stooq, store: Store, http: Http, body: bytes, sentence: str, code: int
) -> None:
    stooq.answers = [Answer(200, body)]

    with pytest.raises(FeedError, match=sentence) as told:
        pulled(store, http)

    assert (told.value.exit_code, len(stooq.asked)) == (code, 1)


@pytest.mark.parametrize(("body", "sentence", "code"), NO_DATA)
def test_saved_as_a_file_it_is_the_same_sentence(
    store: Store, tmp_path: Path, body: bytes, sentence: str, code: int
) -> None:
    (tmp_path / "aapl_us_d.csv").write_bytes(body)

    with pytest.raises(FeedError, match=sentence):
        load(store, tmp_path)


def test_what_breaks_the_contract_is_set_aside_with_its_reason(
    store: Store, tmp_path: Path
) -> None:
    lines = "2024-07-01,10,12,9,11,N/D\n2024-07-02,10,9,12,11,1\n2024-07-04,10,12,9,11,1\n"
    (tmp_path / "ibm_us_d.csv").write_text(HEADER + lines)

    loaded = load(store, tmp_path)

    reasons = sorted(row["reason"][:30] for row in ask(store.place, "raw.rejected"))
    assert (loaded.n_rows, loaded.n_rejected) == (0, 3)
    assert reasons == [
        "not (low <= open) AND (low <= ", "session_date 2024-07-04 is no ", "volume is missing",
    ]  # fmt: skip
