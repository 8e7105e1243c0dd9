from pathlib import Path

import pytest

from leadline.errors import QueryError
from leadline.spark import kinds
from leadline.spark.layout import check_promised, columns_of, for_hadoop
from tests.doors import door


@pytest.mark.parametrize(
    "name", ["curated.filings", "raw.loads", "detectors.all_live", "ops.clock"]
)
def test_what_is_promised_may_be_asked(name: str) -> None:
    check_promised(name)


@pytest.mark.parametrize("name", ["reports.symbols", "backtest.moves", "ops.params", "range"])
def test_what_stays_on_duckdb_is_told(name: str) -> None:
    with pytest.raises(QueryError, match=f"query: {name} stays on DuckDB.*without --engine spark"):
        check_promised(name)


def test_a_bucket_is_named_as_hadoop_names_it() -> None:
    assert for_hadoop("s3://desk/store/loads/a.parquet") == "s3a://desk/store/loads/a.parquet"
    assert for_hadoop("/desk/store/loads/a.parquet") == "/desk/store/loads/a.parquet"


def test_files_have_their_partition_and_views_their_types(tmp_path: Path) -> None:
    with door(tmp_path) as warehouse:
        columns = columns_of(warehouse)

    assert columns["contract.equity_trades"]["known_date"] == kinds.DATE
    assert columns["curated.equity_trades"]["price"] == kinds.decimal(18, 8)
    assert columns["raw.equity_trades"]["known_at"] == kinds.INSTANT
