"""Files of watch lists: what is written is what is meant, or the line that can't be is named."""

from pathlib import Path

import pytest

from leadline.errors import QueryError
from leadline.watch import Line
from leadline.watch_file import read


def written(folder: Path, text: str, name: str = "desk.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_csv_is_the_list_of_its_name_unless_it_names_others(tmp_path: Path) -> None:
    text = "Symbol,threshold_pct,horizon,quantity,is_active\nAAPL,5%,15m,-100,\n\nBRK.B,,,,no\n"

    assert read(written(tmp_path, text)) == {
        "desk": [
            Line("AAPL", threshold_pct=5, horizon="15m", quantity=-100),
            Line("BRK.B", is_active=False),
        ]
    }
    assert list(read(written(tmp_path, "\ufeffsymbol\nAAPL\n"), "mine")) == ["mine"]
    assert read(written(tmp_path, "watchlist,symbol\na,AAPL\nb,MSFT\n,IBM\n")) == {
        "a": [Line("AAPL")], "b": [Line("MSFT")], "desk": [Line("IBM")]
    }  # fmt: skip


def test_a_toml_names_its_lists(tmp_path: Path) -> None:
    text = '[[tech]]\nsymbol = "AAPL"\nthreshold_sigma = 3\n[[tech]]\nsymbol = "MSFT"\n'

    found = read(written(tmp_path, text, "lists.toml"))

    assert found == {"tech": [Line("AAPL", threshold_sigma=3), Line("MSFT")]}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "", "a.csv:1: no column 'symbol'; the first line names the columns"),
        ("a.csv", "symbol\n", "a.csv: it holds no symbol; write one"),
        ("a.csv", "symbol,thresold_pct\n", "a.csv:1: unknown column 'thresold_pct'; did you mean "),
        ("a.csv", "symbol,quantity\nAAPL,1,2\n", "a.csv:2: 3 cells, and line 1 names 2"),
        ("a.csv", "symbol,quantity\n,1\n", "a.csv:2: it has no symbol"),
        ("a.csv", "symbol,threshold_pct\nA,0\n", "is '0'; it takes a number above 0"),
        ("a.csv", "symbol,threshold_pct\nA,nan\n", "is 'nan'; it takes a number above 0"),
        ("a.csv", "symbol,cost_usd\nA,-1\n", "cost_usd is '-1'; it takes a number from 0 on"),
        ("a.csv", "symbol,quantity\nA,ten\n", "a.csv:2: quantity is 'ten'; it takes a number"),
        ("a.csv", "symbol,horizon\nA,15\n", "is '15'; it takes 5m, 15m, 60m, 1d, 14d; did you"),
        ("a.csv", "symbol,direction\nA,sideways\n", "is 'sideways'; it takes up, down"),
        ("a.csv", "symbol,is_active\nA,maybe\n", "is 'maybe'; it takes true or false"),
        ("a.toml", "desk = 1\n", "a.toml: desk is no list of lines; write [[desk]]"),
        ("a.toml", "[[desk]\n", "a.toml: "),
        ("a.toml", "[[desk]]\nsymbl = 'A'\n", "a.toml: desk, line 1: unknown column 'symbl'; did"),
        ("a.toml", "[[desk]]\nsymbol = 'A'\nquantity = true\n", "quantity is 'True'"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_its_place(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(QueryError) as told:
        read(written(tmp_path, text, name))

    assert said in str(told.value)


def test_a_file_that_is_not_there_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="No such file or directory; name a CSV or TOML"):
        read(tmp_path / "none.csv")
    (tmp_path / "odd.csv").write_bytes(b"symbol\n\xff\xfe\n")
    with pytest.raises(QueryError, match="it is no UTF-8 text"):
        read(tmp_path / "odd.csv")
