"""EDGAR is asked as it wants to be, and every submission of its index is fetched once."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
import stamina

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from loaders import _edgar, sec_13f
from tests.edgar import DENIED, FEED, TOO_FAST, Edgar
from tests.sites import Answer, answering
from tests.stores import pulled_at
from tests.submissions import ONE, PAGE, filings, holdings, submission

T = TypeVar("T")
DAY = Span(datetime(2023, 11, 14, tzinfo=UTC), datetime(2023, 11, 15, tzinfo=UTC))


@pytest.fixture
def edgar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edgar]:
    with answering(Edgar()) as edgar:
        monkeypatch.setattr(_edgar, "SITE", edgar.url)
        monkeypatch.setattr(_edgar, "ARCHIVES", f"{edgar.url}/Archives")
        yield edgar


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http("sec_13f", contact="me@example.org", folder=tmp_path, per_second=1_000) as http:
        yield http


def pulled(store: Store, http: Http, span: Span = DAY) -> list[Loaded]:
    return list(over_network("sec_13f", sec_13f, store, span, http))


def again(once: Callable[[], T]) -> T:
    """Run it until it is not told to run it again."""
    while True:
        try:
            return once()
        except FeedError as error:
            if error.exit_code != 3:
                raise


def test_every_13f_of_the_index_is_fetched_once(store: Store, http: Http, edgar: Edgar) -> None:
    first, second = edgar.files_it("0001234567-23-000001"), edgar.files_it("0001234567-23-000002")
    edgar.lists(
        first, "1|Another Filer|13F-HR|20231114|edgar/data/1/0001234567-23-000001.txt",
        "2|Insider|4|20231114|edgar/data/2/0001234567-23-000003.txt",
        "3|Treated|13F-CTR|20231114|edgar/data/3/0001234567-23-000004.txt", second,
    )  # fmt: skip
    edgar.files["/Archives/edgar/data/1/0001234567-23-000001.txt"] = submission(
        "0001234567-23-000001", ONE
    ).encode()

    loads = pulled(store, http)

    assert [loaded.coverage for loaded in loads] == [
        "0001234567-23-000001.txt", "0001234567-23-000002.txt",
    ]  # fmt: skip
    assert edgar.names == ["master.20231114.idx", *[loaded.coverage for loaded in loads]]
    assert len(holdings(store)) == len(filings(store)) == 2


def test_what_the_store_has_is_not_fetched_again(store: Store, http: Http, edgar: Edgar) -> None:
    edgar.lists(edgar.files_it("0001234567-23-000001"))
    pulled(store, http)
    edgar.lists(edgar.files_it("0001234567-23-000001"), edgar.files_it("0001234567-23-000002"))
    edgar.asked.clear()

    (loaded,) = pulled(store, http)

    assert loaded.coverage == "0001234567-23-000002.txt"
    assert edgar.names == ["master.20231114.idx", "0001234567-23-000002.txt"]


@pytest.mark.parametrize("answer", [Answer(403, DENIED), Answer(404, b"<html>no</html>")])
def test_a_day_without_an_index_is_passed_over(
    store: Store, http: Http, edgar: Edgar, answer: Answer
) -> None:
    edgar.answers = [answer]
    edgar.lists(edgar.files_it("0001234567-23-000001"), day="20231115")

    loads = pulled(store, http, Span(DAY.since, datetime(2023, 11, 16, tzinfo=UTC)))

    assert [loaded.coverage for loaded in loads] == ["0001234567-23-000001.txt"]
    assert edgar.names[:2] == ["master.20231114.idx", "master.20231115.idx"]


def test_an_index_without_13f_asks_no_more(store: Store, http: Http, edgar: Edgar) -> None:
    edgar.lists()

    assert pulled(store, http) == []
    assert edgar.names == ["master.20231114.idx"]


@pytest.mark.parametrize("status", [200, 403, 429])
@pytest.mark.parametrize("n_before", [0, 1, 2])
def test_too_many_requests_stop_the_run_at_once(
    store: Store, http: Http, edgar: Edgar, status: int, n_before: int
) -> None:
    lines = [edgar.files_it(f"0001234567-23-00000{n}") for n in (1, 2)]
    edgar.lists(*lines)
    index = edgar.files["/Archives/edgar/daily-index/2023/QTR4/master.20231114.idx"]
    first = edgar.files[f"/Archives/{lines[0].split('|')[4]}"]
    before = [Answer(200, index), Answer(200, first)]
    edgar.answers = [*before[:n_before], Answer(status, TOO_FAST)]

    with pytest.raises(FeedError) as told:
        pulled(store, http)

    assert str(told.value) == (
        "sec_13f: 127.0.0.1 says 'Request Rate Threshold Exceeded'; "
        "ask nothing for 10 minutes, then run again"
    )
    assert told.value.exit_code == 3
    assert len(edgar.asked) == n_before + 1
    assert len(filings(store)) == max(n_before - 1, 0)


def test_nobody_asks_until_the_refusal_is_over(
    store: Store, http: Http, edgar: Edgar, tmp_path: Path
) -> None:
    edgar.lists(edgar.files_it("0001234567-23-000001"))
    edgar.answers = [Answer(200, TOO_FAST)]
    with pytest.raises(FeedError):
        pulled(store, http)

    with (
        Http("sec_index", contact="me@example.org", folder=tmp_path, per_second=1_000) as other,
        pytest.raises(FeedError) as told,
    ):
        _edgar.fetched(f"{edgar.url}/files/company_tickers.json", other)

    assert re.fullmatch(
        r"sec_index: 127\.0\.0\.1 said 'Request Rate Threshold Exceeded' and is left alone until "
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ; run this again then",
        str(told.value),
    )
    assert (told.value.exit_code, len(edgar.asked)) == (3, 1)


def test_a_later_run_goes_on_after_a_refusal(
    store: Store, http: Http, edgar: Edgar, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = [each._replace(rest=each.rest / 60_000) for each in _edgar.REFUSALS]
    monkeypatch.setattr(_edgar, "REFUSALS", tuple(soon))
    edgar.lists(edgar.files_it("0001234567-23-000001"))
    edgar.answers = [Answer(200, TOO_FAST)]
    with pytest.raises(FeedError):
        pulled(store, http)

    (loaded,) = again(lambda: pulled(store, http))

    assert loaded.is_new


def test_who_names_nobody_is_told_to_say_whom_to_write_to(
    store: Store, tmp_path: Path, edgar: Edgar
) -> None:
    with (
        Http("sec_13f", contact=None, folder=tmp_path, per_second=1_000) as http,
        pytest.raises(FeedError) as told,
    ):
        pulled(store, http)

    assert str(told.value) == (
        "sec_13f: 127.0.0.1 says 'Undeclared Automated Tool'; "
        "set contact to a name and a mail address"
    )
    assert (told.value.exit_code, len(edgar.asked)) == (1, 1)


def test_a_busy_edgar_is_asked_again(store: Store, http: Http, edgar: Edgar) -> None:
    edgar.lists(edgar.files_it("0001234567-23-000001"))
    edgar.answers = [Answer(429, b"busy", {"Retry-After": "0"})]

    with stamina.set_testing(True, attempts=3):
        (loaded,) = pulled(store, http)

    assert loaded.is_new
    assert edgar.names[:2] == ["master.20231114.idx"] * 2


def test_a_submission_that_is_not_there_is_told_after_the_others(
    store: Store, http: Http, edgar: Edgar
) -> None:
    gone, there = edgar.files_it("0001234567-23-000001"), edgar.files_it("0001234567-23-000002")
    edgar.lists(gone, there)
    del edgar.files[f"/Archives/{gone.split('|')[4]}"]

    with pytest.raises(FeedError) as told:
        pulled(store, http)

    assert str(told.value) == (
        "sec_13f: the index of 2023-11-14 lists edgar/data/1234567/0001234567-23-000001.txt and "
        "0 more that are not there; run this again later"
    )
    assert told.value.exit_code == 3
    assert [row["accession_no"] for row in filings(store)] == ["0001234567-23-000002"]


def test_a_page_in_place_of_an_index_stops(store: Store, http: Http, edgar: Edgar) -> None:
    edgar.answers = [Answer(200, PAGE.format("Maintenance").encode())]

    with pytest.raises(FeedError, match=r"master\.20231114\.idx: it is no index of EDGAR; look"):
        pulled(store, http)


def test_a_page_in_place_of_a_submission_stops(store: Store, http: Http, edgar: Edgar) -> None:
    line = edgar.files_it("0001234567-23-000001")
    edgar.lists(line)
    edgar.files[f"/Archives/{line.split('|')[4]}"] = PAGE.format("Maintenance").encode()

    with pytest.raises(FeedError, match=r"txt: a web page, 'SEC\.gov \| Maintenance', and no sub"):
        pulled(store, http)

    assert filings(store) == []


EVENING = datetime(2023, 11, 14, 23, 5, tzinfo=UTC)


def pulled_now(store: Store, http: Http, now: datetime = EVENING) -> list[str]:
    loads = pulled_at(sec_13f, now, store, Span(DAY.since, now), http)
    return [loaded.coverage for loaded in loads]


def test_of_a_day_without_an_index_yet_what_came_in_last_is_fetched_the_oldest_first(
    store: Store, http: Http, edgar: Edgar
) -> None:
    for n in range(1, 4):
        edgar.files_it(f"0001234567-23-00000{n}")
        edgar.tells(f"0001234567-23-00000{n}")
    edgar.tells("0001234567-23-000002")  # by another of its filers
    edgar.tells("0001234567-23-000009", "13F-CTR")
    edgar.tells("0001234567-23-000008", "13F-HR405")  # a form whose name only begins so

    assert pulled_now(store, http) == [f"0001234567-23-00000{n}.txt" for n in (1, 3, 2)]
    assert edgar.names[:3] == ["master.20231114.idx", "browse-edgar", "browse-edgar"]


def test_what_came_in_last_is_fetched_once_and_found_in_the_index_again(
    store: Store, http: Http, edgar: Edgar
) -> None:
    line = edgar.files_it("0001234567-23-000001")
    edgar.tells("0001234567-23-000001")
    pulled_now(store, http)
    again = pulled_now(store, http)
    edgar.lists(line)

    assert (again, pulled_now(store, http)) == ([], [])
    assert edgar.names.count("0001234567-23-000001.txt") == 1
    assert edgar.names[-1] == "master.20231114.idx"


def test_paging_ends_where_all_is_held_or_older(store: Store, http: Http, edgar: Edgar) -> None:
    for n in range(250):
        edgar.tells(f"0001234567-23-{n:06}", at="2023-11-02T10:00:00-05:00")
    for n in range(900, 903):
        edgar.files_it(f"0001234567-23-{n:06}")
        edgar.tells(f"0001234567-23-{n:06}")

    assert len(pulled_now(store, http)) == 3
    starts = [re.search(r"start=(\d+)", each.path) for each in edgar.asked]
    assert [found[1] for found in starts if found] == ["0", "0"]  # of 13F-HR, and of 13F-NT


def test_no_page_is_asked_for_behind_the_last(http: Http, edgar: Edgar) -> None:
    for n in range(5_300):
        edgar.tells(f"0001234567-23-{n:06}", "4" if n == 0 else "424B2")

    found = _edgar.current("sec_ownership", ("4",), DAY.since, http)

    assert found == []
    assert len(edgar.asked) == 51


def test_on_another_day_than_today_the_last_list_is_left_alone(
    store: Store, http: Http, edgar: Edgar
) -> None:
    edgar.tells("0001234567-23-000001")
    now = datetime(2023, 11, 15, 12, tzinfo=UTC)

    assert list(pulled_at(sec_13f, now, store, DAY, http)) == []
    assert edgar.names == ["master.20231114.idx"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (PAGE.format("Maintenance").encode(), "a page in place of the list"),
        (b"<?xml version='1.0'?><feed><entry>", "XML that breaks off"),
        (FEED.format("<entry><id>x</id></entry>").encode(), "an entry 'x' without number, link"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><feed/>', "a page in place of"),
    ],
)
def test_a_list_that_is_none_stops(
    store: Store, http: Http, edgar: Edgar, body: bytes, said: str
) -> None:
    edgar.answers = [Answer(403, DENIED), Answer(200, body)]

    with pytest.raises(FeedError, match=said):
        pulled_now(store, http)
