import pyarrow as pa

from loaders import _planted_names, sample_filings, sample_insiders
from loaders import _sample as sample


def test_everybody_has_one_name_and_hardly_anybody_his_own() -> None:
    with sample.drawn(7):
        names = _planted_names.drawn()
        again = _planted_names.drawn()
    with sample.drawn(8):
        others = _planted_names.drawn()

    assert names == again != others
    assert sorted(names) == sorted(names.values())
    own = sum(names[ticker] == ticker for ticker in sample.TICKERS)
    assert own < 5


def test_a_name_is_another_in_all_texts_alike() -> None:
    with sample.drawn(7):
        names = _planted_names.drawn()
    owner = str(sample_insiders.FIRST_OWNER + 2)
    table = pa.table(
        {
            "symbol": ["ALFA", "BRVO", None],
            "contract": ["ALFA240216C00095000", "BRVO240216C00095000", None],
            "cik": [sample_filings.cik(3), owner, None],
            "size": [1, 2, 3],
        }
    )

    found = _planted_names.renamed(table, names)

    alfa, bravo = names["ALFA"], names["BRVO"]
    assert found["symbol"].to_pylist() == [alfa, bravo, None]
    assert found["contract"].to_pylist() == [
        f"{alfa}240216C00095000", f"{bravo}240216C00095000", None,
    ]  # fmt: skip
    assert found["cik"].to_pylist() == [names[sample_filings.cik(3)], names[owner], None]
    # A company's insiders go where the company goes.
    assert int(names[owner]) - int(names[str(sample_insiders.FIRST_OWNER)]) == 2
    assert found["size"].to_pylist() == [1, 2, 3]
