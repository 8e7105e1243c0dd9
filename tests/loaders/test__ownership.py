"""An ownershipDocument becomes rows, whatever its filer has left out."""

from datetime import date
from decimal import Decimal

import pytest

from leadline.errors import FeedError
from tests.forms import BOUGHT, EXERCISED, HELD, document, file, owner, submission, told


def test_a_transaction_of_shares_is_what_its_row_says() -> None:
    (row,) = told(document(), "a.xml")["insider_transactions"]

    said = {name: value for name, value in row.items() if value is not None}
    said.pop("known_at")
    assert said == {
        "accession_no": "a",
        "is_derivative": False,
        "line": 1,
        "title": "Common Stock",
        "trans_date": date(2023, 11, 13),
        "trans_code": "P",
        "trans_form_type": "4",
        "is_swap": False,
        "shares": Decimal(1_000),
        "price": Decimal("20.125"),
        "is_acquired": True,
        "shares_after": Decimal(5_000),
        "is_direct": True,
        "footnote_ids": "F1, F2",
        "footnotes": "Bought together. From $20.01 to $20.20.",
    }


def test_a_derivative_may_have_footnotes_instead_of_numbers_and_an_offset_behind_its_day() -> None:
    (row,) = told(document("", EXERCISED), "a.xml")["insider_transactions"]

    assert (row["is_derivative"], row["trans_date"]) == (True, date(2023, 11, 13))
    assert (row["shares"], row["price"], row["exercise_price"]) == (None, None, None)
    assert (row["total_value"], row["is_acquired"]) == (Decimal("400.5"), False)
    assert (row["exercise_date"], row["expiry_date"]) == (None, date(2030, 1, 2))
    assert (row["underlying_title"], row["underlying_shares"]) == ("Common Stock", Decimal("100.5"))
    assert (row["is_direct"], row["nature"], row["footnote_ids"]) == (False, "By trust", "F1, F2")


def test_holdings_and_transactions_are_counted_each_by_themselves() -> None:
    found = told(document(HELD + BOUGHT + HELD + BOUGHT, EXERCISED), "a.xml")

    places = [(row["is_derivative"], row["line"]) for row in found["insider_transactions"]]
    assert places == [(False, 1), (False, 2), (True, 1)]
    assert [(row["line"], row["shares"]) for row in found["insider_holdings"]] == [
        (1, Decimal(77)), (2, Decimal(77)),
    ]  # fmt: skip


def test_several_owners_tell_one_transaction() -> None:
    two = owner("1500001", "Doe Jane", "<isOfficer>1</isOfficer><officerTitle>CFO</officerTitle>")
    two += owner("1500002", "Doe Trust", "<isOther>true</isOther><otherText>Trust</otherText>")

    found = told(document(owners=two), "a.xml")

    assert len(found["insider_transactions"]) == 1
    assert [
        (row["line"], row["owner_cik"], row["is_officer"], row["is_other"], row["title"])
        for row in found["insider_owners"]
    ] == [(1, "0001500001", True, False, "CFO"), (2, "0001500002", False, True, "Trust")]


@pytest.mark.parametrize(
    ("said", "is_planned"),
    [("1", True), ("true", True), ("0", False), ("False", False), ("", None), (None, None)],
)
def test_a_box_that_is_left_out_is_unknown(said: str | None, is_planned: bool | None) -> None:
    box = "" if said is None else f"<aff10b5One>{said}</aff10b5One>"

    (filing,) = told(document(more=box), "a.xml")["insider_filings"]

    assert filing["is_10b5_1"] is is_planned


@pytest.mark.parametrize(
    ("remark", "is_said"), [("Under a Rule 10B5-1 plan.", True), ("Rule 10b-5.", False)]
)
def test_a_remark_may_tell_of_a_plan(remark: str, is_said: bool) -> None:
    (filing,) = told(document(end=f"<remarks>{remark}</remarks>"), "a.xml")["insider_filings"]

    assert (filing["is_10b5_1_footnote"], filing["remarks"]) == (is_said, remark)


def test_a_form_3_may_have_nothing_but_its_empty_wrappers() -> None:
    more = "<noSecuritiesOwned>1</noSecuritiesOwned>"

    found = told(document("", form="3", more=more), "a.xml")

    (filing,) = found["insider_filings"]
    assert (found["insider_transactions"], found["insider_holdings"]) == ([], [])
    assert (filing["form_type"], filing["no_securities_owned"]) == ("3", True)
    assert (filing["issuer_cik"], filing["trading_symbol"]) == ("0001600001", "NYSE:LNLD")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("<value>1000<", "<value>1,000<", "transactionShares is '1,000', no number"),
        ("<value>2023-11-13<", "<value>13.11.2023<", "transactionDate is '13.11.2023', no day"),
        ("<equitySwapInvolved>0", "<equitySwapInvolved>no", "'no' is none of 0, 1, false, true"),
        ("<value>A<", "<value>X<", "'X' is none of A, D"),
        ("<issuerCik>1600001</issuerCik>", "", "no issuerCik in it"),
        ("<documentType>4<", "<documentType>144<", "a form '144', and no 3, 4 or 5"),
        ("<rptOwnerCik>1500001</rptOwnerCik>", "", "a reportingOwner without rptOwnerCik"),
    ],
)
def test_what_can_not_be_understood_is_told(before: str, after: str, said: str) -> None:
    with pytest.raises(FeedError) as refused:
        told(submission(document().replace(before, after, 1)))

    assert str(refused.value).startswith(f"{file('').name}:22: {said}; ")
