"""What cover pages say: other managers, what is confidential, and each spelling of a truth."""

from pathlib import Path
from typing import Any

import pytest

from leadline.store import Store
from tests.stores import ask, load_files
from tests.submissions import NUMBER, ONE, filings, submission, written

INCLUDED = """<otherManagers2Info>
  <otherManager2><sequenceNumber>1</sequenceNumber>
    <otherManager><cik>102909</cik><form13FFileNumber>028-06408</form13FFileNumber>
      <name>First Included</name></otherManager></otherManager2>
  <otherManager2><sequenceNumber>4</sequenceNumber>
    <otherManager><name>Fourth Included</name></otherManager></otherManager2>
</otherManagers2Info>"""


def managers(store: Store) -> list[tuple[Any, ...]]:
    """Return the other managers of a store's filings, in their order."""
    told = [
        (row["relation"], row["sequence_no"], row["manager"], row["manager_cik"])
        for row in ask(store.place, "raw.filing_managers")
    ]
    return sorted(told)


def test_managers_included_and_those_that_report_for_it_are_told_apart(
    store: Store, tmp_path: Path
) -> None:
    text = submission(NUMBER, ONE).replace("</summaryPage>", f"{INCLUDED}</summaryPage>")
    text = text.replace("13F HOLDINGS REPORT", "13F COMBINATION REPORT")

    load_files(store, "sec_13f", written(tmp_path, text))

    (filing,) = filings(store)
    assert (filing["manager"], filing["cik"]) == ("Lead & Line LLC", "0001234567")
    assert filing["report_type"] == "13F COMBINATION REPORT"
    assert filing["file_number"] is None  # the one that there is belongs to another
    assert managers(store) == [
        ("included", 1, "First Included", "0000102909"),
        ("included", 4, "Fourth Included", None),
        ("reports_for", 1, "Another", None),
    ]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("true", True), ("Y", True), ("1", True), ("false", False), ("N", False), ("0", False),
     ("", None)],
)  # fmt: skip
def test_a_truth_has_three_spellings(
    store: Store, tmp_path: Path, said: str, meant: bool | None
) -> None:
    omitted = f"<isConfidentialOmitted>{said}</isConfidentialOmitted></summaryPage>"
    text = submission(NUMBER, ONE).replace("</summaryPage>", omitted)

    load_files(store, "sec_13f", written(tmp_path, text))

    assert [row["is_confidential_omitted"] for row in filings(store)] == [meant]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("<confDeniedExpired>Y</confDeniedExpired>", True),
        ("<reasonForNonConfidentiality>Denied</reasonForNonConfidentiality>", True),
        ("<confDeniedExpired>false</confDeniedExpired>", False),
        ("", False),
    ],
)
def test_an_amendment_says_whether_it_tells_what_was_confidential(
    store: Store, tmp_path: Path, said: str, meant: bool
) -> None:
    amendment = f"<amendmentInfo><amendmentType>NEW HOLDINGS</amendmentType>{said}</amendmentInfo>"
    text = submission(NUMBER, ONE, form="13F-HR/A", amendment=amendment)

    load_files(store, "sec_13f", written(tmp_path, text))

    assert [row["is_confidential_release"] for row in filings(store)] == [meant]


def test_a_cusip_that_was_mistyped_stays(store: Store, tmp_path: Path) -> None:
    text = submission(NUMBER, ONE.replace("037833100", "037833101"))

    (loaded,) = load_files(store, "sec_13f", written(tmp_path, text))

    assert (loaded.n_rows, loaded.n_rejected) == (4, 0)  # its total is the cover page's
