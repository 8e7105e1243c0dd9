"""A submission is taken apart, and what is none is refused with a sentence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.store import Store
from tests.stores import load_files
from tests.submissions import (
    APPLE,
    NUMBER,
    ONE,
    PAGE,
    filings,
    holdings,
    submission,
    table,
    written,
)


@pytest.mark.parametrize(
    ("accepted", "known_at"),
    [
        ("20231114093854", datetime(2023, 11, 14, 14, 38, 54, tzinfo=UTC)),  # winter
        ("20231103173000", datetime(2023, 11, 3, 21, 30, tzinfo=UTC)),  # summer
        ("20231105013000", datetime(2023, 11, 5, 6, 30, tzinfo=UTC)),  # the hour that comes twice
        (None, datetime(2023, 11, 15, 5, tzinfo=UTC)),  # the day after the filing date
    ],
)
def test_acceptance_is_told_in_new_york(
    store: Store, tmp_path: Path, accepted: str | None, known_at: datetime
) -> None:
    load_files(store, "sec_13f", written(tmp_path, submission(NUMBER, ONE, accepted=accepted)))

    (filing,) = filings(store)

    assert filing["known_at"] == known_at
    assert filing["accepted_at"] == (known_at if accepted else None)
    assert [row["known_at"] for row in holdings(store)] == [known_at]


def test_what_is_no_utf_8_is_latin_1(store: Store, tmp_path: Path) -> None:
    text = submission(NUMBER, table([{**APPLE, "issuer": "NESTLÉ SA"}]))

    load_files(store, "sec_13f", written(tmp_path, text, encoding="latin-1"))

    assert [row["issuer"] for row in holdings(store)] == ["NESTLÉ SA"]


WHOLE = submission(NUMBER, ONE)
OTHERS = {
    PAGE.format("Form 13-F"): "a web page, 'SEC.gov | Form 13-F', and no submission; fetch the "
    "whole one, NUMBER.txt",
    ONE: "an information table alone, which does not say whose it is, and no submission; fetch "
    "the whole one, NUMBER.txt",
    '<?xml version="1.0"?>\n<edgarSubmission/>': "a cover page alone, without its table, and no "
    "submission; fetch the whole one, NUMBER.txt",
    "a\tb\n": "no file of EDGAR, and no submission; fetch the whole one, NUMBER.txt",
    WHOLE[:-200]: "cut short, it has no </SEC-DOCUMENT>; fetch it again",
    WHOLE[:300]: "cut short, it has no </SEC-DOCUMENT>; fetch it again",
    WHOLE.replace("13F-HR", "4"): "a form 4, and no 13F-HR or 13F-NT; leave it out",
    WHOLE.replace("ACCESSION NUMBER", "N"): "its header has no 'ACCESSION NUMBER'; fetch it again",
    WHOLE.replace("20230930", "20230931"): "'20230931' is no day; fetch it again",
    WHOLE.replace(
        "20231114093854", "20231399000000"
    ): "'20231399000000' is no moment; fetch it again",
    submission(NUMBER, None): "a 13F-HR without a table; fetch it again",
    WHOLE.replace(
        "XML>", "PRE>"
    ): "its cover page is no XML, as before 2013; load it with sec_13f_text",
}


@pytest.mark.parametrize("text", OTHERS, ids=list(OTHERS.values()))
def test_what_is_no_submission_is_refused_in_one_sentence(
    store: Store, tmp_path: Path, text: str
) -> None:
    path = written(tmp_path, text)

    with pytest.raises(FeedError) as told:
        load_files(store, "sec_13f", path)

    assert str(told.value) == f"{path}: {OTHERS[text]}"
    assert (filings(store), holdings(store)) == ([], [])


def line_of(text: str, word: str) -> int:
    return text[: text.index(word)].count("\n") + 1


def test_xml_that_breaks_off_is_told_with_its_line(store: Store, tmp_path: Path) -> None:
    text = WHOLE.replace("</infoTable>", "")
    path = written(tmp_path, text)

    with pytest.raises(FeedError) as told:
        load_files(store, "sec_13f", path)

    where = line_of(text, "</informationTable>")
    assert str(told.value) == f"{path}:{where}: XML that breaks off; fetch it again"


def test_a_number_that_is_none_is_told(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, submission(NUMBER, table([{**APPLE, "shares": "12.5"}])))

    with pytest.raises(FeedError, match=r": sshPrnamt is '12\.5', no whole number; fetch it again"):
        load_files(store, "sec_13f", path)


def test_entities_of_its_own_are_refused(store: Store, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]>' + ONE
    path = written(tmp_path, submission(NUMBER, bomb))

    with pytest.raises(FeedError, match="XML with a DOCTYPE, which EDGAR never sends; leave"):
        load_files(store, "sec_13f", path)
