"""A quarter's tables tell the forms that EDGAR tells one by one."""

import shutil
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from leadline.errors import FeedError
from leadline.feed import Extract, files
from leadline.store import Store
from loaders import sec_insider_datasets
from tests.stores import ask, load_files

MESSAGE = Path(__file__).parent / "messages" / "2024q3_form345"


def told(*paths: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what the loader reads, by dataset."""
    card = sec_insider_datasets.FEED
    found: dict[str, list[dict[str, Any]]] = {}
    tables, _ = files(paths, card.knows, card.parts)
    for dataset, rows in sec_insider_datasets.read(tables):
        assert isinstance(rows, Extract)
        assert isinstance(rows.rows, pa.Table)
        found.setdefault(dataset, []).extend(rows.rows.to_pylist())
    for table in tables:
        table.close()
    return found


def zipped(folder: Path, name: str) -> Path:
    """Pack the tables as the SEC does."""
    with zipfile.ZipFile(folder / name, "w") as target:
        for path in sorted(MESSAGE.iterdir()):
            target.write(path, path.name)
        target.writestr("FORM_345_metadata.json", "{}")
    return folder / name


def seen(rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in rows]


def test_a_transaction_is_what_its_line_says() -> None:
    exercised, sold = told(MESSAGE)["insider_transactions"]

    assert {name: value for name, value in sold.items() if value is not None} == {
        "accession_no": "0001234567-24-000001",
        "is_derivative": False,
        "line": 2,  # by its key, and not by its place
        "title": '"Class A" Stock',
        "trans_date": date(2024, 7, 29),
        "trans_code": "S",
        "trans_form_type": "4",
        "is_swap": False,
        "shares": Decimal("250.5"),
        "price": Decimal("12.35"),
        "is_acquired": False,
        "shares_after": Decimal(500),
        "is_direct": False,
        "nature": "By trust",
        "footnote_ids": "F1, F2, F10",
        "footnotes": 'Held "in street name". Under a 10b5-1 plan. From $1 to $2.',
        "known_at": datetime(2024, 8, 1, 4, tzinfo=UTC),
    }
    assert (exercised["line"], exercised["is_swap"], exercised["price"]) == (1, True, None)


def test_a_form_is_known_when_its_filing_date_is_over_in_new_york() -> None:
    assert seen(told(MESSAGE)["insider_filings"], "form_type", "original_date", "known_at") == [
        ("4", None, datetime(2024, 8, 1, 4, tzinfo=UTC)),
        ("4/A", date(2024, 7, 31), datetime(2024, 8, 2, 4, tzinfo=UTC)),
    ]


def test_footnotes_may_tell_of_a_plan_and_a_missing_box_is_unknown() -> None:
    filings = told(MESSAGE)["insider_filings"]

    assert seen(filings, "is_10b5_1", "is_10b5_1_footnote") == [(None, True), (None, False)]
    assert seen(filings, "issuer", "not_subject_to_section_16") == [
        ('Line & "Lead" Inc', False), ('Line & "Lead" Inc', True),
    ]  # fmt: skip


def test_words_say_what_an_owner_is() -> None:
    owners = told(MESSAGE)["insider_owners"]

    roles = ("line", "is_director", "is_officer", "is_ten_percent", "is_other", "title")
    assert seen(owners, *roles) == [
        (1, True, True, False, False, "CFO"),
        (2, False, False, True, True, "See Remarks"),
        (1, True, False, False, False, None),
    ]


@pytest.mark.parametrize(
    ("said", "is_planned"), [("1", True), ("true", True), ("0", False), ("", None)]
)
def test_a_newer_quarter_has_the_box(tmp_path: Path, said: str, is_planned: bool | None) -> None:
    header, first, *_ = (MESSAGE / "SUBMISSION.tsv").read_text().splitlines()
    path = tmp_path / "SUBMISSION.tsv"
    path.write_text(f"{header}\tAFF10B5ONE\n{first}\t{said}\n")

    (filing,) = told(path)["insider_filings"]

    assert filing["is_10b5_1"] is is_planned


def test_derivatives_have_a_misspelled_date_of_exercise(tmp_path: Path) -> None:
    columns: Mapping[str, str] = {
        "ACCESSION_NUMBER": "0001234567-24-000001", "DERIV_TRANS_SK": "7",
        "SECURITY_TITLE": "Option", "CONV_EXERCISE_PRICE": "4.0", "CONV_EXERCISE_PRICE_FN": "F1",
        "TRANS_DATE": "27-SEP-2024", "DEEMED_EXECUTION_DATE": "", "TRANS_FORM_TYPE": "4",
        "TRANS_CODE": "A", "EQUITY_SWAP_INVOLVED": "0", "TRANS_TIMELINESS": "",
        "TRANS_SHARES": "250.0", "TRANS_TOTAL_VALUE": "", "TRANS_PRICEPERSHARE": "0.0",
        "TRANS_ACQUIRED_DISP_CD": "A", "EXCERCISE_DATE": "01-JAN-2025",
        "EXPIRATION_DATE": "27-SEP-2034", "UNDLYNG_SEC_TITLE": "Common", "UNDLYNG_SEC_SHARES": "5",
        "UNDLYNG_SEC_VALUE": "", "SHRS_OWND_FOLWNG_TRANS": "250.0", "VALU_OWND_FOLWNG_TRANS": "",
        "DIRECT_INDIRECT_OWNERSHIP": "D", "NATURE_OF_OWNERSHIP": "",
    }  # fmt: skip
    shutil.copy(MESSAGE / "SUBMISSION.tsv", tmp_path)
    (tmp_path / "DERIV_TRANS.tsv").write_text(
        "\t".join(columns) + "\n" + "\t".join(columns.values()) + "\n"
    )

    (row,) = told(tmp_path)["insider_transactions"]

    assert (row["is_derivative"], row["exercise_date"]) == (True, date(2025, 1, 1))
    assert (row["exercise_price"], row["underlying_shares"]) == (4, 5)
    assert (row["footnote_ids"], row["footnotes"]) == ("F1", None)


def test_a_zip_and_its_tables_give_the_same_and_a_form_of_no_submission_is_left_out(
    store: Store, tmp_path: Path
) -> None:
    packed = zipped(tmp_path, "2024q3_form345.zip")

    loads = load_files(store, "sec_insider_datasets", packed)

    assert told(packed) == told(MESSAGE)
    assert {loaded.coverage: (loaded.n_rows, loaded.n_rejected) for loaded in loads} == {
        "2024q3_form345.zip/NONDERIV_TRANS.tsv": (2, 0),
        "2024q3_form345.zip/REPORTINGOWNER.tsv": (3, 0),
        "2024q3_form345.zip/SUBMISSION.tsv": (2, 0),
    }
    assert len(ask(store.place, "raw.insider_filings")) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("SUBMISSION", None, ""), "NONDERIV_TRANS.tsv: no SUBMISSION.tsv beside it; name"),
        (("SUBMISSION", "ACCESSION_NUMBER", "NUMBER"), "SUBMISSION.tsv:1: the header begins with"),
        (("SUBMISSION", "31-JUL-2024\t29", "7/31/2024\t29"), "SUBMISSION.tsv: Could not parse"),
        (
            ("NONDERIV_TRANS", "TRANS_CODE", "CODE"),
            "NONDERIV_TRANS.tsv:1: the header has no 'TRANS_CODE'",
        ),
        (("NONDERIV_TRANS", "\tfalse\t", "\tmaybe\t"), "NONDERIV_TRANS.tsv: Could not convert"),
        (("NONDERIV_TRANS", "\t250.5\t", "\tmany\t"), "NONDERIV_TRANS.tsv: Could not convert"),
    ],
)
def test_what_can_not_be_understood_is_told(
    tmp_path: Path, change: tuple[str, str | None, str], said: str
) -> None:
    name, before, after = change
    for each in ("SUBMISSION", "NONDERIV_TRANS"):
        shutil.copy(MESSAGE / f"{each}.tsv", tmp_path)
    path = tmp_path / f"{name}.tsv"
    if before is None:
        path.unlink()
    else:
        path.write_text(path.read_text().replace(before, after, 1))

    with pytest.raises(FeedError) as refused:
        told(tmp_path)

    assert f"{tmp_path}/{said}" in str(refused.value)
