"""The official list says which securities there are, and which CUSIPs are of options."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.store import Store
from loaders import _edgar, sec_13f_list
from tests.edgar import Edgar
from tests.sites import answering
from tests.stores import ask, load_files

MESSAGE = Path(__file__).parent / "messages" / "13flist2026q1.txt"
CSV = """\
year,quarter,cusip_no,has_listed_options,issuer_name,issuer_description,status,cusip_6,cusip_2,cusip_1,cusip_8,cusip_9
2017,1,05541T 10 1,*,BGC PARTNERS INC,CL A,,05541T,10,1,05541T10,05541T101
2017,1,481165 90 8,,JOY GLOBAL INC,CALL,,481165,90,8,48116590,481165908
2017,1,74347B 70 6,,PROSHARES TR,ST EMG MKT ETF,DELETED,74347B,70,1.0,74347B70,74347B706
"""


def securities(store: Store) -> list[tuple[Any, ...]]:
    """Return the securities of a store."""
    return sorted(
        (row["cusip"], row["ticker"], row["issuer"], row["class_title"], row["has_options"])
        for row in ask(store.place, "raw.securities")
    )


def test_a_list_of_text_says_what_stands_on_it(store: Store) -> None:
    load_files(store, "sec_13f_list", MESSAGE)

    assert securities(store) == [
        ("02079K305", None, "ALPHABET INC", "CAP STK CL A", True),
        ("037833100", None, "APPLE INC", "COM", True),
        ("037833900", None, "APPLE INC", "CALL", False),
        ("037833950", None, "APPLE INC", "PUT", False),
        ("G0R21F105", None, "APEX TECH ACQUISITION INC", "ORD SHS", False),
    ]  # without the one that is marked as deleted
    (found,) = {(row["valid_from"], row["known_at"]) for row in ask(store.place, "raw.securities")}
    assert found == (date(2026, 1, 1), datetime(2026, 4, 16, 4, tzinfo=UTC))


def test_letters_beyond_ascii_are_latin_1(store: Store, tmp_path: Path) -> None:
    path = tmp_path / MESSAGE.name
    path.write_bytes(MESSAGE.read_text().replace("APEX ", "APÉX ").encode("latin-1"))

    load_files(store, "sec_13f_list", path)

    assert securities(store)[-1][2] == "APÉX TECH ACQUISITION INC"


def test_a_csv_of_an_older_list_says_the_same(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "13flist2017q1.csv"
    path.write_text(CSV)

    load_files(store, "sec_13f_list", path)

    assert securities(store) == [
        ("05541T101", None, "BGC PARTNERS INC", "CL A", True),
        ("481165908", None, "JOY GLOBAL INC", "CALL", False),
    ]


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("13flist2018q3.txt", "%PDF-1.5 and more", ": a PDF, of which no rows are read; fetch the "
         "list's text, which the page links beside it"),
        ("list.txt", "", ": its name says no quarter, as 13flist2026q1.txt does; rename it"),
        ("13flist2026q1.txt", "", ": no line of it has a CUSIP, an issuer and a class"),
        ("13flist2026q1.txt", "0378331000*APPLE INC".ljust(80), ":1: '0378331000*APPLE INC"
         "                    ' is no line of 80 characters with a mark behind its CUSIP; "
         "fetch it again"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(
    store: Store, tmp_path: Path, name: str, body: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(body)

    with pytest.raises(FeedError) as told:
        load_files(store, "sec_13f_list", path)

    assert str(told.value).endswith(said)


def test_what_came_out_in_the_span_is_fetched_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    span = Span(datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
    page = "".join(f'<a href="/files/13flist2026q{n}.txt">' for n in (1, 2))
    with answering(Edgar()) as site:
        monkeypatch.setattr(sec_13f_list, "PAGE", f"{site.url}/lists")
        monkeypatch.setattr(_edgar, "SITE", site.url)
        site.files |= {"/lists": page.encode(), "/files/13flist2026q1.txt": MESSAGE.read_bytes()}
        with Http("x", contact="me@example.org", folder=tmp_path, per_second=1_000) as http:
            for _ in range(2):
                list(over_network("sec_13f_list", sec_13f_list, store, span, http))

        assert site.names == ["lists", "13flist2026q1.txt", "lists"]
    assert len(securities(store)) == 5


@pytest.mark.real
def test_real_lists_are_read_to_their_last_row(store: Store, real: Path) -> None:
    folder = real / "sec_13f_official_list"

    (loaded,) = load_files(store, "sec_13f_list", folder / "13flist2018q3.csv")

    with (folder / "13flist2018q3.csv").open() as lines:
        listed = [row for row in csv.DictReader(lines) if row["status"] != "DELETED"]
    numbers = {row["cusip_9"] for row in listed}  # 60 of 4,361 lines stand there twice
    assert (loaded.n_rows, loaded.n_rejected) == (len(numbers), 0)
    assert {row[0] for row in securities(store)} == numbers
    kinds = Counter(
        (row["cusip"][6:8], row["class_title"]) for row in ask(store.place, "raw.securities")
        if row["class_title"] in ("CALL", "PUT")
    )  # fmt: skip
    assert {kind for kind, n in kinds.items() if n > 100} == {("90", "CALL"), ("95", "PUT")}


@pytest.mark.real
def test_the_real_pdf_is_refused(store: Store, real: Path) -> None:
    with pytest.raises(FeedError, match="a PDF, of which no rows are read"):
        load_files(store, "sec_13f_list", real / "sec_13f_official_list" / "13flist2018q3.pdf")
