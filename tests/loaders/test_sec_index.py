"""An index of EDGAR is read in each of its forms, and what is no line of it is set aside."""

import gzip
import re
from collections import Counter
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
from loaders import sec_index
from tests.edgar import DENIED, INDEX, Edgar
from tests.sites import Answer, answering
from tests.stores import ask, contracts, load_files, pulled_at

NAME = "sec_index"
MESSAGE = Path(__file__).parent / "messages" / "form.20200318.idx"
NOW = datetime(2024, 1, 3, 20, tzinfo=UTC)
LINE = "1000045|Société Line|13F-HR/A|2023-11-14|edgar/data/1000045/0001000045-23-000011.txt"
COMPANY = """\
Description:           Master Index of EDGAR Dissemination Feed by Company Name

Company Name                                                  Form Type   CIK         Date Filed  File Name
---------------------------------------------------------------------------------------------
"A" Company of Two Words                                      10-K/A      1000045     2023-11-14  edgar/data/1000045/0001000045-23-000012.txt
A NAME THAT REACHES OVER THE TITLE OF THE FORM, LIMITED PARTNERS  SC 13D   820694      2023-11-14  edgar/data/820694/0001000045-23-000013.txt
"""  # noqa: E501


def listed(store: Store) -> list[dict[str, Any]]:
    return sorted(ask(store.place, "raw.filing_index"), key=lambda row: row["accession_no"])


def loaded(store: Store, folder: Path, text: str, name: str = "master.idx") -> Loaded:
    path = folder / name
    path.write_bytes(text.encode("latin-1"))
    (found,) = load_files(store, NAME, path)
    return found


def told(store: Store, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in listed(store)]


def test_a_line_of_a_form_index_is_read_from_its_right(store: Store) -> None:
    load_files(store, NAME, MESSAGE)

    first, *_ = listed(store)
    assert {name: first[name] for name in contracts()["filing_index"].names} == {
        "accession_no": "0001010549-20-000033",
        "cik": "0001749817",
        "company": "Belpointe REIT, Inc.",
        "form_type": "1-A POS",
        "filed_date": date(2020, 3, 18),
        "path": "edgar/data/1749817/0001010549-20-000033.txt",
        "accepted_at": None,
    }
    assert told(store, "form_type", "company", "cik")[1:] == [
        ("4", "FUND 2020", "0000000017"),
        ("SCHEDULE 13D/A", "A name that stands further right", "0000000018"),
        ("1-A", "DLP Positive Note Fund LLC", "0001806014"),
        ("X-17A-5", "A NAME THAT REACHES OVER THE TITLE OF THE NUMBER, LIMITED PARTNER",
         "0000820694"),
    ]  # fmt: skip


def test_an_index_is_known_in_the_evening_of_its_filings_in_new_york(store: Store) -> None:
    load_files(store, NAME, MESSAGE)

    assert {row["known_at"] for row in listed(store)} == {datetime(2020, 3, 19, 2, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("name", "form", "known"),
    [
        ("master.20231220.idx", "UPLOAD", "2023-12-21"),
        ("master.idx", "UPLOAD", "2023-12-21"),
        ("master.20231220.idx", "4", "2023-12-21"),
        ("master.idx", "4", "2023-11-15"),
    ],
)
def test_a_letter_that_was_made_public_late_is_known_late(
    store: Store, tmp_path: Path, name: str, form: str, known: str
) -> None:
    text = INDEX.replace("Nov 14, 2023", "December 20, 2023") + LINE.replace("13F-HR/A", form)

    loaded(store, tmp_path, text, name)

    (row,) = listed(store)
    assert row["known_at"] == datetime.fromisoformat(f"{known}T03:00Z")


def test_a_company_by_two_names_is_one_line(store: Store, tmp_path: Path) -> None:
    other = LINE.replace("Société Line", "Another Name")

    found = loaded(store, tmp_path, f"{INDEX}{LINE}\n{other}\n{LINE}\n")

    assert (found.n_rows, found.n_rejected) == (1, 0)
    assert told(store, "company") == [("Another Name",)]


def test_a_master_index_has_bars_and_old_letters(store: Store, tmp_path: Path) -> None:
    found = loaded(store, tmp_path, INDEX + LINE + "\r\n")

    assert (found.n_rows, found.n_rejected) == (1, 0)
    assert told(store, "cik", "company", "form_type", "filed_date", "path") == [(
        "0001000045", "Société Line", "13F-HR/A", date(2023, 11, 14),
        "edgar/data/1000045/0001000045-23-000011.txt",
    )]  # fmt: skip


def test_an_index_by_company_has_its_names_the_other_way_round(
    store: Store, tmp_path: Path
) -> None:
    loaded(store, tmp_path, COMPANY, "company.idx")

    assert told(store, "form_type", "company") == [
        ("10-K/A", '"A" Company of Two Words'),
        ("SC 13D", "A NAME THAT REACHES OVER THE TITLE OF THE FORM, LIMITED PARTNERS"),
    ]


@pytest.mark.parametrize(
    "odd",
    [
        "1000045|A|B|13F-HR|2023-11-14|edgar/data/1000045/0001000045-23-000012.txt",
        "1000045|A|13F-HR|2023-11-31|edgar/data/1000045/0001000045-23-000012.txt",
        "1000045|A|13F-HR|2023-11-14|edgar/data/1000045/",
        "no|A|13F-HR|2023-11-14|edgar/data/1000045/0001000045-23-000012.txt",
        "1000045|A||2023-11-14|edgar/data/1000045/0001000045-23-000012.txt",
        "<!-- the server broke off",
    ],
)
def test_a_line_that_is_none_is_set_aside_with_what_it_says(
    store: Store, tmp_path: Path, odd: str
) -> None:
    found = loaded(store, tmp_path, f"{INDEX}{odd}\n{LINE}\n")

    assert (found.n_rows, found.n_rejected) == (1, 1)
    (aside,) = ask(store.place, "raw.rejected")
    assert odd.split("|")[-1] in aside["row"]


def test_an_index_without_lines_is_one(store: Store, tmp_path: Path) -> None:
    assert loaded(store, tmp_path, INDEX).n_rows == 0


@pytest.mark.parametrize(
    "text", ["", "<html>no</html>", "CIK|Company\n", INDEX.replace("CIK", "x")]
)
def test_what_is_no_index_is_refused(store: Store, tmp_path: Path, text: str) -> None:
    with pytest.raises(FeedError, match=r"master\.idx: it is no index of EDGAR by master, form"):
        loaded(store, tmp_path, text)


@pytest.fixture
def edgar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edgar]:
    with answering(Edgar()) as edgar:
        monkeypatch.setattr(sec_index, "ARCHIVES", f"{edgar.url}/Archives")
        yield edgar


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    folder = tmp_path / "http"
    with Http(NAME, contact="me@example.org", folder=folder, per_second=1_000) as http:
        yield http


def pulled(store: Store, http: Http, since: date, now: datetime = NOW) -> list[Loaded]:
    begin = datetime(since.year, since.month, since.day, tzinfo=UTC)
    return list(pulled_at(sec_index, now, store, Span(begin, now), http))


def publish(edgar: Edgar, path: str, number: str) -> None:
    line = f"1|A|4|20231229|edgar/data/1/{number}.txt\n"
    edgar.files[f"/Archives/edgar/{path}"] = (INDEX + line).encode()


def test_quarters_that_settled_come_whole_and_later_days_one_by_one(
    store: Store, http: Http, edgar: Edgar
) -> None:
    edgar.files["/Archives/edgar/full-index/2023/QTR3/master.gz"] = zipped(INDEX + LINE)
    publish(edgar, "daily-index/2023/QTR4/master.20231229.idx", "0000000001-23-000001")
    publish(edgar, "daily-index/2024/QTR1/master.20240102.idx", "0000000001-24-000002")

    loads = pulled(store, http, date(2023, 9, 29))

    assert [load.coverage for load in loads] == [
        "2023/QTR3/master.idx", "2023/QTR4/master.20231229.idx", "2024/QTR1/master.20240102.idx",
    ]  # fmt: skip
    assert len(edgar.asked) == 1 + 92 + 3
    assert len(listed(store)) == 3


def test_a_quarter_that_the_store_has_is_not_asked_for_again(
    store: Store, http: Http, edgar: Edgar
) -> None:
    now = datetime(2024, 1, 8, 20, tzinfo=UTC)
    edgar.files["/Archives/edgar/full-index/2023/QTR4/master.gz"] = zipped(INDEX + LINE)
    pulled(store, http, date(2023, 10, 1), now)
    n_before = len(edgar.asked)

    assert pulled(store, http, date(2023, 10, 1), now) == []
    assert (n_before, len(edgar.asked)) == (9, 8 + n_before)


def test_what_came_before_a_refusal_stands(store: Store, http: Http, edgar: Edgar) -> None:
    publish(edgar, "daily-index/2024/QTR1/master.20240102.idx", "0000000001-24-000002")
    body = edgar.files["/Archives/edgar/daily-index/2024/QTR1/master.20240102.idx"]
    edgar.answers = [Answer(403, DENIED), Answer(200, body), Answer(403, b"no")]

    with pytest.raises(FeedError, match="403 Forbidden"):
        pulled(store, http, date(2024, 1, 1))

    assert len(listed(store)) == 1


def test_all_of_edgar_is_not_asked_for_by_mistake(store: Store, http: Http) -> None:
    with pytest.raises(FeedError, match=r"sec_index: all of EDGAR is far too much .*; say --since"):
        list(pulled_at(sec_index, NOW, store, Span(BEGINNING, NOW), http))


def zipped(text: str) -> bytes:
    return gzip.compress(text.encode("latin-1"))


@pytest.mark.real
def test_the_real_indexes_are_read_to_their_last_line(real: Path, store: Store) -> None:
    folder = real / "sec_edgar_index"
    names = ("form.20200318.idx", "badform.idx.txt", "empty-form.idx")

    loads = [load for name in names for load in load_files(store, NAME, folder / name)]

    lines = (folder / names[0]).read_text("latin-1").splitlines()[10:]
    filed = {(line[:12], *line.split()[-3:]) for line in lines}
    assert (len(lines), len(filed)) == (
        4_084,
        4_031,
    )  # of the others 50 stand there again, 3 by another name
    assert [(load.n_rows, load.n_rejected) for load in loads] == [(4_031, 0), (10, 0), (0, 0)]
    forms = Counter(row["form_type"] for row in listed(store))
    late = {row["form_type"] for row in listed(store) if row["filed_date"] < date(2020, 3, 1)}
    assert {form for form in late if not re.match(sec_index.LATE, form)} == set()
    assert forms["4"] == sum(line.startswith("4  ") for line in lines)
    assert forms["13F-HR"] == sum(line.startswith("13F-HR ") for line in lines)
