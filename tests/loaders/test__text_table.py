"""A line of a table of text says as much as it can, whatever its layout."""

import time

import pytest

from loaders._text_table import Entry, entries

WORDS = """<TABLE>
<S>                     <C>           <C>       <C>      <C>
AETNA INC               NEW COM       00817Y108 92,760   2,342,435 SH SOLE 2,238,895 103,540 0
APPLE INC               COM           037833100    887        1480 SH PUT  DFND 1,2   1480 0 0
GEORGIA GULF CORP       COM PAR$0.01 NEW373200302  756       21660 SH      SOLE       21660 0 0
DIANA CONTAINERSHIPS    COM           Y2069P 10 1  221       39314 SH      SOLE       39314 0 0
FORD MTR CO DEL\tNOTE 4.250%11/1\t345370-CN-8\t1,500\t1,000,000\tPRN\tOTHER\t\t0\t0\t1,000,000
GRAND TOTAL                                      96,124
NOT READ INC            COM           037833100    887        1480 SH      SOLE       1480 0 0
</TABLE>
"""
MARKS = """<TABLE>
<S>             <C>      <C>         <C>            <C>         <C>  <C>     <C>     <C>                  <C>         <C>    <C>
American
   Express Co.    Com    025816 10 9       697,973   17,225,400         X            4, 2, 5, 17           17,225,400
                                           323,943    7,994,634         X            4, 13, 17              7,994,634
                                        ----------
                                         1,021,916
Wells Fargo     Com      949746 10 1        10,000      300,000    X                 4                        300,000
</TABLE>
"""  # noqa: E501


def told(text: str) -> list[tuple[object, ...]]:
    return [
        (each.issuer, each.cusip, each.value, each.shares, each.put_call, each.discretion)
        for each in entries(text)
    ]


def test_words_say_what_a_row_is() -> None:
    assert told(WORDS) == [
        ("AETNA INC", "00817Y108", 92_760, 2_342_435, None, "SOLE"),
        ("APPLE INC", "037833100", 887, 1_480, "put", "DFND"),
        ("GEORGIA GULF CORP", "373200302", 756, 21_660, None, "SOLE"),  # glued to its class
        ("DIANA CONTAINERSHIPS", "Y2069P101", 221, 39_314, None, "SOLE"),  # with blanks
        ("FORD MTR CO DEL", "345370CN8", 1_500, 1_000_000, None, "OTR"),  # dashes and tabs
    ]


def test_principal_is_told_from_shares_and_votes_stand_at_the_end() -> None:
    found = list(entries(WORDS))

    assert [each.share_type for each in found] == ["SH"] * 4 + ["PRN"]
    assert [each.class_title for each in found[:3]] == ["NEW COM", "COM", "COM PAR$0.01 NEW"]
    assert (found[0].votes, found[0].managers) == ((2_238_895, 103_540, 0), None)
    assert found[1].managers == "1,2"


def test_marks_say_what_a_row_is_and_one_without_a_name_goes_on() -> None:
    assert told(MARKS) == [
        ("American Express Co.", "025816109", 697_973, 17_225_400, None, "DFND"),
        ("American Express Co.", "025816109", 323_943, 7_994_634, None, "DFND"),
        ("Wells Fargo", "949746101", 10_000, 300_000, None, "SOLE"),
    ]
    assert [each.managers for each in entries(MARKS)] == ["4,2,5,17", "4,13,17", "4"]


def test_a_column_that_is_missing_leaves_a_row_without_value_and_shares() -> None:
    (row,) = entries(
        "<TABLE>\nAPPLE INC    COM    037833100    1480 SH   SOLE   1480 0 0\n</TABLE>"
    )

    assert (row.cusip, row.value, row.shares, row.is_sure) == ("037833100", None, None, False)


def test_a_cusip_with_a_wrong_digit_stays_and_is_not_sure() -> None:
    (row,) = entries("<TABLE>\nAPPLE INC    COM    037833101   887    1480 SH   SOLE\n</TABLE>")

    assert (row.cusip, row.shares, row.is_sure) == ("037833101", 1_480, False)


@pytest.mark.parametrize(
    "line", ["A" * 3_000_000, " " * 3_000_000, "037833100 " * 300_000, "1," * 1_500_000]
)
def test_no_line_holds_it_up(line: str) -> None:
    started = time.process_time()

    found: list[Entry] = list(entries(f"<TABLE>\n{line}\n</TABLE>"))

    assert found == []
    assert time.process_time() - started < 1


def test_a_full_page_of_near_misses_takes_no_time_either() -> None:
    page = "\n".join(["037833101 " * 400] * 200)
    started = time.process_time()

    list(entries(f"<TABLE>\n{page}\n</TABLE>"))

    assert time.process_time() - started < 5
