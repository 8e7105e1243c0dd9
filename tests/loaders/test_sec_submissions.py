"""A company's filings are known to the second, in whichever clock EDGAR wrote them."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.publication import Loaded
from leadline.store import Store
from loaders import sec_submissions
from tests.edgar import Edgar
from tests.sites import answering
from tests.stores import ask, load_files, opened, pulled_at

NAME = "sec_submissions"
MESSAGE = Path(__file__).parent / "messages" / "CIK0001318605.json"
PIECE = "CIK0001318605-submissions-001.json"
NOW = datetime(2022, 10, 25, 12, tzinfo=UTC)
TESLA = {"cik": "0001318605", "ticker": "TSLA", "valid_to": None, "withdrawn_at": None}


def said(**columns: list[Any]) -> dict[str, Any]:
    """Return the message with columns of its filings replaced."""
    answer: dict[str, Any] = json.loads(MESSAGE.read_text())
    answer["filings"]["recent"] |= columns
    return answer


def older(number: str = "0000000001-13-000001") -> dict[str, Any]:
    columns = {name: [cells[0]] for name, cells in said()["filings"]["recent"].items()}
    return columns | {
        "accessionNumber": [number], "filingDate": ["2013-11-05"], "items": ["2.02"],
        "acceptanceDateTime": ["2013-11-05T21:10:00.000Z"],
    }  # fmt: skip


def accepted(store: Store) -> dict[str, datetime]:
    rows = ask(store.place, "raw.filing_index")
    return {row["accession_no"][-6:]: row["accepted_at"] for row in rows}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


@pytest.fixture
def edgar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edgar]:
    with answering(Edgar()) as edgar:
        monkeypatch.setattr(sec_submissions, "DATA", edgar.url)
        edgar.files["/submissions/CIK0001318605.json"] = MESSAGE.read_bytes()
        edgar.files[f"/submissions/{PIECE}"] = json.dumps(older()).encode()
        yield edgar


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    folder = tmp_path / "http"
    with Http(NAME, contact="me@example.org", folder=folder, per_second=1_000) as http:
        http.symbols, http.wanted = ("TSLA",), lambda: [TESLA]
        yield http


def pulled(store: Store, http: Http, now: datetime = NOW) -> list[Loaded]:
    return list(pulled_at(sec_submissions, now, store, Span(BEGINNING, now), http))


def saved(store: Store, folder: Path, answer: Any) -> None:
    path = folder / MESSAGE.name
    path.write_text(json.dumps(answer))
    load_files(store, NAME, path)


def test_a_company_comes_with_its_pieces_its_tickers_and_its_reports(
    store: Store, http: Http, edgar: Edgar
) -> None:
    (loaded,) = pulled(store, http)

    assert edgar.names == [MESSAGE.name, PIECE]
    assert loaded.coverage == MESSAGE.name
    assert accepted(store) == {
        "000001": utc("2013-11-05T21:10"), "026048": utc("2022-07-20T20:43:32"),
        "028207": utc("2022-08-05T20:11:22"), "033053": utc("2022-10-03T10:05:40"),
        "034639": utc("2022-10-19T21:15:46"),
    }  # fmt: skip
    (issuer,) = ask(store.place, "raw.issuers")
    assert (issuer["ticker"], issuer["exchange"], issuer["known_at"]) == ("TSLA", "Nasdaq", NOW)


def test_the_first_results_of_a_quarter_are_its_report_and_sooner_ones_other_numbers(
    store: Store, http: Http, edgar: Edgar
) -> None:
    pulled(store, http)

    events = sorted(ask(store.place, "raw.events"), key=lambda row: row["known_at"])
    assert [(row["event_id"], row["entity"], row["label"]) for row in events] == [
        (f"{number}:TSLA", "TSLA", "earnings")
        for number in ("0000000001-13-000001", "0001564590-22-026048", "0001564590-22-034639")
    ]
    assert {row["known_at"] == row["starts_at"] for row in events} == {True}


def test_todays_filings_wait_for_tomorrow_when_their_moments_are_in_utc(
    store: Store, http: Http, edgar: Edgar
) -> None:
    times = ["2022-10-19T17:15:46.000Z", *said()["filings"]["recent"]["acceptanceDateTime"][1:]]
    today = json.dumps(said(acceptanceDateTime=times)).encode()
    tomorrow = edgar.files["/submissions/CIK0001318605.json"]
    edgar.files["/submissions/CIK0001318605.json"] = today

    pulled(store, http, datetime(2022, 10, 19, 22, tzinfo=UTC))
    before = accepted(store)
    edgar.files["/submissions/CIK0001318605.json"] = tomorrow
    pulled(store, http, datetime(2022, 10, 20, 10, 15, tzinfo=UTC))

    assert "034639" not in before
    assert accepted(store)["034639"] == utc("2022-10-19T21:15:46")


def test_in_a_file_the_newest_day_is_taken_for_the_day_of_its_download(
    store: Store, tmp_path: Path
) -> None:
    saved(store, tmp_path, said())

    assert accepted(store)["034639"] == utc("2022-10-20T01:15:46")
    assert accepted(store)["033053"] == utc("2022-10-03T10:05:40")


def test_an_answer_with_moments_that_utc_cannot_have_is_in_new_yorks_time(
    store: Store, tmp_path: Path
) -> None:
    times = ["2022-10-19T17:15:46.000Z", "2022-10-03T06:05:40.000Z", "2022-08-06T00:11:22.000Z",
             "2022-07-20T16:43:32.000Z"]  # fmt: skip

    saved(store, tmp_path, said(acceptanceDateTime=times))

    assert accepted(store) == {
        "034639": utc("2022-10-19T21:15:46"),
        "033053": utc("2022-10-03T10:05:40"),
        "028207": utc("2022-08-06T00:11:22"),  # at midnight EDGAR is closed: it is UTC after all
        "026048": utc("2022-07-20T20:43:32"),
    }


def test_a_later_answer_takes_nothing_back_that_moved_to_a_piece(
    store: Store, http: Http, edgar: Edgar
) -> None:
    pulled(store, http)
    columns = {name: cells[:-1] for name, cells in said()["filings"]["recent"].items()}
    piece = older()
    for name, cells in said()["filings"]["recent"].items():
        piece[name] = [*cells[-1:], *piece[name]]
    edgar.files["/submissions/CIK0001318605.json"] = json.dumps(said(**columns)).encode()
    edgar.files[f"/submissions/{PIECE}"] = json.dumps(piece).encode()

    pulled(store, http)

    assert not any(row["is_gone"] for row in ask(store.place, "raw.filing_index"))


def test_a_piece_that_is_not_there_is_worth_trying_again(
    store: Store, http: Http, edgar: Edgar
) -> None:
    del edgar.files[f"/submissions/{PIECE}"]

    with pytest.raises(FeedError, match=f"its piece {PIECE} is not there; run this") as told:
        pulled(store, http)

    assert told.value.exit_code == 3


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ({"cik": "1"}, "no 'name' in it"),
        (said(form=["4"]), "argument 2 is shorter"),
        (said(acceptanceDateTime=["x"] * 4), "Invalid isoformat string: 'x'"),
    ],
)
def test_an_answer_of_another_shape_is_refused(
    store: Store, tmp_path: Path, answer: Any, what: str
) -> None:
    with pytest.raises(FeedError, match=what):
        saved(store, tmp_path, answer)


@pytest.mark.parametrize(
    ("day", "month", "ended"),
    [
        (date(2022, 10, 19), 12, date(2022, 9, 30)),
        (date(2022, 1, 2), 12, date(2021, 12, 31)),
        (date(2022, 10, 27), 9, date(2022, 9, 30)),
        (date(2024, 3, 20), 2, date(2024, 2, 29)),
        (date(2022, 11, 16), 1, date(2022, 10, 31)),
    ],
)
def test_a_fiscal_quarter_ends_with_a_month(day: date, month: int, ended: date) -> None:
    assert sec_submissions._quarter_before(day, month) == ended


@pytest.mark.real
def test_a_real_answer_agrees_with_the_header_of_its_filing(real: Path, store: Store) -> None:
    load_files(store, NAME, real / "sec_ownership_xml" / "CIK0001462356.json")

    rows = ask(store.place, "raw.filing_index")
    by_number = {row["accession_no"]: row["accepted_at"] for row in rows}
    # ACCEPTANCE-DATETIME 20220506183057, in New York.
    assert by_number["0000320193-22-000061"] == utc("2022-05-06T22:30:57")


@pytest.mark.real
def test_a_real_answer_of_2022_is_in_new_yorks_time(real: Path, tmp_path: Path) -> None:
    path = tmp_path / "CIK0001318605.json"
    path.write_bytes((real / "sec_edgar_index" / "company_submission.json").read_bytes())
    with opened(tmp_path / "store") as store:
        (loaded,) = load_files(store, NAME, path)
        reports = sorted(row["starts_at"] for row in ask(store.place, "raw.events"))

    assert loaded.n_rejected == 0
    # Tesla reports after the close of New York; once its first numbers came early.
    assert reports[-1] == utc("2022-10-19T21:15:46")
    assert [each.date() for each in reports if each.hour < 20] == [date(2019, 1, 18)]
    assert len(reports) == 36
