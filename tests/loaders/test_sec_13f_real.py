"""Real submissions give the dollars of their cover pages, and other files are refused."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.errors import FeedError
from leadline.store import Store
from leadline.warehouse import Warehouse
from loaders._cusip import check_digit
from tests.doors import catalog, one_core
from tests.stores import load_files
from tests.submissions import NUMBER, ONE, submission, table, written

RESTATES = "<amendmentInfo><amendmentType>RESTATEMENT</amendmentType></amendmentInfo>"


def totals(store: Store) -> dict[str, tuple[Any, ...]]:
    """Return unit and dollars of each filing, by its cover page and by the sum of its rows."""
    with closing(Warehouse(catalog(), store, one_core())) as house:
        sums = house.ask("curated.holdings", BEGINNING, FOREVER).query(
            "held", "select accession_no, sum(value_usd), count(*) from held group by all"
        )
        assert sums is not None
        by_rows = {number: found for number, *found in sums.fetchall()}
        filed = house.ask("curated.filings", BEGINNING, FOREVER).to_arrow_table().to_pylist()
    return {
        row["manager"]: (
            row["value_unit"], row["unit_rule"], row["value_usd"], *by_rows[row["accession_no"]]
        )
        for row in filed
    }  # fmt: skip


@pytest.mark.real
def test_real_tables_give_the_dollars_of_their_cover_pages(
    store: Store, real: Path, tmp_path: Path
) -> None:
    folder = real / "sec_13f_filings"
    real_table = (folder / "13F-HR.infotable.xml").read_text()
    text = submission(NUMBER, real_table, manager="Composed", n_entries=255, total=350_153_407)

    loads = load_files(store, "sec_13f", folder, written(tmp_path, text))

    assert [loaded.n_rejected for loaded in loads] == [0, 0, 0]
    assert totals(store) == {
        "LTS One Management LP": ("usd", "date", 454_926_000, 454_926_000, 14),
        "Bull Street Advisors, LLC": ("thousand", "implied_price", 192_767_000, 192_767_000, 90),
        "Composed": ("usd", "date", 350_153_407, 350_153_407, 255),
    }


@pytest.mark.real
def test_a_filing_is_there_from_its_acceptance_on_until_one_that_restates_it(
    store: Store, real: Path, tmp_path: Path
) -> None:
    restated = submission(
        NUMBER, ONE, cik="1894188", manager="LTS One Management LP", form="13F-HR/A",
        filed="20231201", accepted="20231201120000", amendment=RESTATES,
    )  # fmt: skip
    load_files(store, "sec_13f", real / "sec_13f_filings" / "13F.0001894188-23-000007.txt")
    before = standing(store)
    load_files(store, "sec_13f", written(tmp_path, restated))

    assert before == {13: 0, 20: 14, 40: 14}  # of November 2023
    assert standing(store) == {13: 0, 20: 14, 40: 1}


def standing(store: Store) -> dict[int, int]:
    """Count the holdings that stand as of some days of November 2023."""
    found = {}
    with closing(Warehouse(catalog(), store, one_core())) as house:
        for day in (13, 20, 40):
            until = datetime(2023, 11, 1, tzinfo=UTC) + timedelta(days=day - 1)
            rows = house.ask("curated.holdings", BEGINNING, until).filter("withdrawn_at is null")
            found[day] = len(rows.to_arrow_table())
    return found


@pytest.mark.real
@pytest.mark.parametrize(("filed", "rule"), [("20230531", "date"), ("20210212", "implied_price")])
def test_a_real_cover_page_in_dollars_is_in_dollars_whenever_it_was_filed(
    store: Store, real: Path, tmp_path: Path, filed: str, rule: str
) -> None:
    # Of Abacus only the cover page is there: 92 rows of 114,663,960, here at 40 dollars a share.
    cover = (real / "sec_13f_filings" / "abacus.13F-HR.primarydoc.xml").read_text()
    each, rest = divmod(114_663_960, 92)
    rows = [
        {"cusip": whole, "value": each + rest * (row == 0), "shares": each // 40}
        for row in range(92)
        if (whole := f"{row:08}" + check_digit(f"{row:08}"))
    ]
    text = submission(NUMBER, table(rows), cik="1978011", filed=filed, accepted=None)
    start, end = text.index("<?xml"), text.index("</edgarSubmission>") + len("</edgarSubmission>")
    text = text[:start] + cover.strip() + text[end:]

    load_files(store, "sec_13f", written(tmp_path, text.replace("20230930", "20201231")))

    assert totals(store) == {
        "Abacus Wealth Partners, LLC": ("usd", rule, 114_663_960, 114_663_960, 92)
    }


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("form.13FHR.xml", "a web page, 'SEC FORM 13-F Information Table', and no submission"),
        ("13F-HR.infotable.xml", "an information table alone, which does not say whose it is"),
        ("abacus.13F-HR.primarydoc.xml", "a cover page alone, without its table"),
    ],
)
def test_real_files_that_are_no_submission_are_refused(
    store: Store, real: Path, name: str, said: str
) -> None:
    with pytest.raises(FeedError) as told:
        load_files(store, "sec_13f", real / "sec_13f_filings" / name)

    assert f"{name}: {said}" in str(told.value)


@pytest.mark.real
def test_a_real_form_4_is_refused(store: Store, real: Path) -> None:
    with pytest.raises(FeedError, match="a form 4, and no 13F-HR or 13F-NT; leave it out"):
        load_files(store, "sec_13f", real / "sec_ownership_xml" / "0000320193-22-000061.txt")
