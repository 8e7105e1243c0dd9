"""OpenFIGI is asked for what nobody names, and says which ticker it has today, or none."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import stamina

from leadline.clock import BEGINNING, Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.publication import Loaded
from leadline.store import Store
from loaders import _cusip, openfigi
from tests.desks import house_copy, load_into, run
from tests.sites import Answer, Asked, Site, answering, as_json
from tests.stores import ask, load_files, pulled_at

NAME = "openfigi"
MESSAGE = Path(__file__).parent / "messages" / "openfigi_20240302T120000_0.json"
NOW = datetime(2024, 3, 2, 12, tzinfo=UTC)
CUSIPS = [f"{n:08}{_cusip.check_digit(f'{n:08}')}" for n in range(1, 26)]


class OpenFigi(Site):
    """Knows tickers by CUSIP, and takes no more jobs at once than it says."""

    at_most = 10

    def __init__(self) -> None:
        super().__init__()
        self.tickers: dict[str, Mapping[str, Any]] = {}
        self.jobs: list[list[dict[str, str]]] = []

    def answer(self, asked: Asked) -> Answer:
        if self.answers:
            return self.answers.pop(0)
        jobs = json.loads(asked.body)
        self.jobs.append(jobs)
        if len(jobs) > self.at_most:
            return Answer(413, b"Payload too large")
        none = {"warning": "No identifier found."}
        return as_json(200, [self.tickers.get(job["idValue"], none) for job in jobs])


@pytest.fixture
def figi(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenFigi]:
    monkeypatch.delenv("LEADLINE_OPENFIGI_API_KEY", raising=False)
    with answering(OpenFigi()) as site:
        monkeypatch.setattr(openfigi, "ADDRESS", f"{site.url}/v3/mapping")
        yield site


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        yield http


def pulled(store: Store, http: Http, cusips: list[str], now: datetime = NOW) -> list[Loaded]:
    http.wanted = lambda: [{"cusip": each, "n_holdings": 1} for each in cusips]
    return list(pulled_at(openfigi, now, store, Span(BEGINNING, now), http))


def test_an_answer_is_a_ticker_from_the_day_of_asking_or_none(store: Store) -> None:
    load_files(store, NAME, MESSAGE)

    rows = ask(store.place, "raw.securities")
    assert sorted((row["cusip"], row["ticker"] or "", row["issuer"] or "") for row in rows) == [
        ("000000000", "", ""),
        ("037833100", "AAPL", "APPLE INC"),
        ("037833AA1", "", ""),
        ("084670702", "BRK.B", "BERKSHIRE HATHAWAY INC-CL B"),
    ]
    assert {(row["valid_from"], row["known_at"]) for row in rows} == {(date(2024, 3, 2), NOW)}


def test_without_a_key_ten_are_asked_for_at_once(store: Store, http: Http, figi: OpenFigi) -> None:
    (loaded,) = pulled(store, http, CUSIPS)

    assert [len(jobs) for jobs in figi.jobs] == [10, 10, 5]
    assert loaded.n_rows == 25
    assert figi.jobs[0][0] == {"idType": "ID_CUSIP", "idValue": CUSIPS[0], "exchCode": "US"}


def test_with_a_key_a_hundred_are(
    store: Store, http: Http, figi: OpenFigi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_OPENFIGI_API_KEY", "k3y-of-figi")
    figi.at_most = 100

    pulled(store, http, CUSIPS)

    assert [len(jobs) for jobs in figi.jobs] == [25]
    assert figi.asked[0].headers["X-OPENFIGI-APIKEY"] == "k3y-of-figi"


def test_a_foreign_number_is_asked_for_as_one_and_a_mistyped_one_not_at_all(
    store: Store, http: Http, figi: OpenFigi
) -> None:
    pulled(store, http, ["G1151C101", "037833101"])

    assert figi.jobs == [[{"idType": "ID_CINS", "idValue": "G1151C101", "exchCode": "US"}]]


def test_a_later_run_takes_nothing_of_an_earlier_one_back(
    store: Store, http: Http, figi: OpenFigi
) -> None:
    pulled(store, http, CUSIPS[:3])
    pulled(store, http, CUSIPS[3:6], NOW.replace(minute=1))

    rows = ask(store.place, "raw.securities")
    assert len(rows) == 6
    assert not any(row["is_gone"] for row in rows)


def test_what_was_answered_before_an_error_stands(store: Store, http: Http, figi: OpenFigi) -> None:
    figi.answers = [as_json(200, [{"warning": "No identifier found."}] * 10), Answer(413, b"no")]

    with pytest.raises(FeedError, match="413"):
        pulled(store, http, CUSIPS)

    assert len(ask(store.place, "raw.securities")) == 10


def test_a_busy_one_is_asked_again(store: Store, http: Http, figi: OpenFigi) -> None:
    figi.answers = [Answer(429, b"", {"Retry-After": "0"})]

    with stamina.set_testing(True, attempts=3):
        (loaded,) = pulled(store, http, CUSIPS[:1])

    assert loaded.n_rows == 1


@pytest.mark.parametrize("answer", [{"error": "no"}, [], [{"data": []}] * 2])
def test_an_answer_of_another_length_is_none(
    store: Store, http: Http, figi: OpenFigi, answer: Any
) -> None:
    figi.answers = [as_json(200, answer)]

    with pytest.raises(FeedError, match="1 CUSIPs were asked for, and it answers otherwise"):
        pulled(store, http, CUSIPS[:1])


def test_the_command_asks_for_what_holdings_have_and_nobody_names(
    tmp_path: Path, figi: OpenFigi, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = house_copy(tmp_path / "desk")
    held = {
        "accession_no": "0001234567-23-000001", "line": 1, "issuer": "A", "class_title": "COM",
        "cusip": "037833100", "share_type": "SH", "shares": 1, "value_reported": 1,
        "discretion": "SOLE", "known_at": datetime(2023, 11, 14, tzinfo=UTC),
    }  # fmt: skip
    with desk.store() as store:
        load_into(store, "holdings", [held])
    (desk.root / "leadline.toml").write_text(
        f'[addresses]\n"https://api.openfigi.com" = "{figi.url}"\n'
    )

    ended = run(desk.root, "load", NAME)

    assert ended.code == 0, ended.err
    assert [job["idValue"] for jobs in figi.jobs for job in jobs] == ["037833100"]
