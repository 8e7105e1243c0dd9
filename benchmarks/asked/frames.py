"""What pandas and Polars read: chosen columns of listed files, as each of them likes it best."""

from collections.abc import Sequence
from typing import Any

from benchmarks.asked.question import MINUTE_US, Setting

THREADS = 2


class Frames:
    """Reads for pandas: by Arrow, columns and rows chosen there, decimals as doubles."""

    def __init__(self, setting: Setting, *, is_day: bool) -> None:
        self.setting, self.is_day = setting, is_day

    def read(
        self, dataset: str, columns: Sequence[str], where: Sequence[tuple[str, str, Any]] = ()
    ) -> Any:
        """Return the columns of the rows for which all of `where` is true."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        files = self.setting.listed(dataset, is_day=self.is_day)
        rows = pq.read_table(
            files, columns=list(columns), filters=list(where) or None, partitioning=None
        )
        kinds = [
            pa.field(each.name, pa.float64() if pa.types.is_decimal(each.type) else each.type)
            for each in rows.schema
        ]
        # Texts as categories where the file has few of them would be faster, and rarely pays.
        return rows.cast(pa.schema(kinds)).to_pandas()

    def scan(self, dataset: str) -> Any:
        """Return a dataset for Polars, with the minute that a row became known at."""
        import polars as pl

        files = self.setting.listed(dataset, is_day=self.is_day)
        minute = pl.col("known_at").dt.epoch("us") // MINUTE_US
        rows = pl.scan_parquet(files, hive_partitioning=False)
        return rows.with_columns(known_minute=minute)
