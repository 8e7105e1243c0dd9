"""Filings of text land row by row, with how sure they are; what is not understood is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.file import File
from leadline.store import Store
from loaders import sec_13f_text
from tests.stores import ask, load_files
from tests.submissions import NUMBER, ONE, filings, holdings, submission, written

MESSAGE = Path(__file__).parent / "messages" / "0000950123-09-012345.txt"
TEXT = MESSAGE.read_text()
CUT = TEXT[TEXT.index("CONFORMED PERIOD") : TEXT.index("FILER:")] + TEXT[TEXT.index("<TABLE>") :]


def test_a_filing_is_what_its_header_and_its_cover_page_say(store: Store) -> None:
    load_files(store, "sec_13f_text", MESSAGE)

    (filing,) = filings(store)
    assert (filing["accession_no"], filing["cik"]) == ("0000950123-09-012345", "0007654321")
    assert (filing["manager"], filing["form_type"]) == ("Eight Soundings & Co.", "13F-HR")
    assert filing["period_end"] == date(2009, 3, 31)
    assert filing["known_at"] == datetime(2009, 5, 15, 20, 31, 2, tzinfo=UTC)
    assert (filing["n_entries"], filing["value_total"]) == (3, Decimal(94_868))
    assert filing["parse_confidence"] == 1.0


def test_its_rows_are_those_of_its_table(store: Store) -> None:
    load_files(store, "sec_13f_text", MESSAGE)

    assert [
        (row["line"], row["issuer"], row["cusip"], int(row["value_reported"]), int(row["shares"]))
        for row in holdings(store)
    ] == [
        (1, "AETNA INC", "00817Y108", 92_760, 2_342_435),
        (2, "APPLE INC", "037833100", 887, 8_444),
        (3, "DIANA CONTAINERSHIPS", "Y2069P101", 1_221, 39_314),
    ]


@pytest.mark.parametrize(
    ("old", "new", "confidence"),
    [
        ("Entry Total:        3", "Entry Total:        4", 0.5),
        ("$94,868 (", "$94,872 (", 0.5),
        ("$94,868 (", "$94,870 (", 1.0),  # three rows of rounded thousands
        ("Table Entry Total", "Rows", 0.9),
        ("00817Y108", "00817Y107", 0.6667),  # a row whose CUSIP is mistyped
    ],
)
def test_a_filing_says_how_sure_its_table_is(
    store: Store, tmp_path: Path, old: str, new: str, confidence: float
) -> None:
    load_files(store, "sec_13f_text", written(tmp_path, TEXT.replace(old, new), MESSAGE.name))

    (filing,) = filings(store)
    assert filing["parse_confidence"] == confidence


def test_a_row_without_its_value_is_set_aside(store: Store, tmp_path: Path) -> None:
    more = "".join(f"ABBOTT LABS    COM    002824100   9  {n} SH SOLE {n} 0 0\n" for n in range(5))
    text = TEXT.replace("GRAND TOTAL", f"{more}GRAND TOTAL").replace(" 887 ", "     ")

    (loaded,) = load_files(store, "sec_13f_text", written(tmp_path, text, MESSAGE.name))

    assert loaded.n_rejected == 1
    assert [row["line"] for row in holdings(store)] == [1, 3, 4, 5, 6, 7, 8]


OTHERS: dict[str, tuple[str, str]] = {
    "shifted by a column": (
        TEXT.replace(" 887 ", "").replace(" 92,760 ", ""),
        ":26: 2 of 3 lines have no value and shares behind their CUSIP, as where a column is "
        "missing; look at its layout",
    ),
    "no table": (
        TEXT[: TEXT.index("<TABLE>")],
        ": no line of it has a CUSIP, a value and shares; look at it",
    ),
    "XML": (
        submission(MESSAGE.stem, ONE),
        ": a 13F of XML, and not of text; load it with sec_13f",
    ),
    "another form": (
        TEXT.replace("13F-HR", "13D"),
        ": a form 13D, and no 13F-HR or 13F-NT; leave it out",
    ),
    "no filer": (
        CUT,
        ": its header has no 'CENTRAL INDEX KEY'; put it into a folder named by its filer's "
        "CIK, as EDGAR has it (edgar/data/CIK/NUMBER.txt)",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_can_not_be_understood_is_refused(store: Store, tmp_path: Path, name: str) -> None:
    text, said = OTHERS[name]
    path = written(tmp_path, text, MESSAGE.name)

    with pytest.raises(FeedError) as told:
        load_files(store, "sec_13f_text", path)

    assert str(told.value) == f"{path}{said}"
    assert (filings(store), holdings(store)) == ([], [])


def test_a_header_that_was_cut_leaves_it_to_the_folder_whose_it_is(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "7654321").mkdir()

    load_files(store, "sec_13f_text", written(tmp_path / "7654321", CUT, MESSAGE.name))

    (filing,) = filings(store)
    assert (filing["accession_no"], filing["cik"]) == ("0000950123-09-012345", "0007654321")
    assert filing["manager"] == "CIK 0007654321"
    assert filing["known_at"] == datetime(2009, 5, 16, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "kind"),
    [("[X] adds new holdings entries.", "NEW HOLDINGS"), ("[X] is a restatement.", "RESTATEMENT")],
)
def test_an_amendment_says_what_it_does(store: Store, tmp_path: Path, said: str, kind: str) -> None:
    text = TEXT.replace("13F-HR\n", "13F-HR/A\n").replace("Check here", f"{said}\nCheck here")

    load_files(store, "sec_13f_text", written(tmp_path, text, MESSAGE.name))

    assert [row["amendment_kind"] for row in filings(store)] == [kind]


@pytest.mark.parametrize(
    ("text", "datasets"),
    [(submission(NUMBER, ONE), []), (TEXT, ["filing_texts", "holdings", "filings"])],
)
def test_of_what_an_index_lists_those_of_xml_are_left_to_the_other_feed(
    tmp_path: Path, text: str, datasets: list[str]
) -> None:
    path = written(tmp_path, text)
    file = File(path.name, str(path), lambda: path.open("rb"))

    assert [dataset for dataset, _ in sec_13f_text.untabled(file)] == datasets


@pytest.mark.real
def test_real_tables_have_the_rows_and_totals_that_are_known_of_them(
    store: Store, real: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "1234567"
    folder.symlink_to(real / "sec_13f_text_2012")

    loads = load_files(store, "sec_13f_text", *sorted(folder.glob("*.txt")))

    assert [loaded.n_rejected for loaded in loads] == [0, 0, 0]
    sums: dict[str, list[int]] = {}
    for row in ask(store.place, "raw.holdings"):
        found = sums.setdefault(row["accession_no"], [0, 0])
        found[0] += 1
        found[1] += int(row["value_reported"])
    # Of the last one 1,192 rows are told elsewhere: without Diana's, whose CUSIP has blanks.
    assert sorted(sums.values()) == [[1_095, 667_757], [1_193, 692_743], [1_228, 769_056]]
    confidences = {row["parse_confidence"] for row in filings(store)}
    assert confidences == {round(sec_13f_text.UNTOLD**2, 4)}  # no cover page, all rows understood
