"""The rows of one load that break their contract, kept as they came, with the reason."""

import duckdb

from leadline.part import Part
from leadline.quote import quoted
from leadline.table import Table


class Aside:
    """A temporary table of rows set aside, and their count by reason."""

    def __init__(self, con: duckdb.DuckDBPyConnection, origin: str) -> None:
        self.con, self.origin = con, origin
        self.reasons: dict[str, int] = {}
        self._is_empty = True

    @property
    def n_rows(self) -> int:
        """How many rows were set aside."""
        return sum(self.reasons.values())

    def open(self) -> None:
        """Begin empty; what a load that broke off left behind is not taken for ours."""
        self._drop_unreadable()
        self.con.execute(
            "create or replace temporary table set_aside "
            "(dataset text, reason text, row json, origin text, position bigint)"
        )
        self._is_empty = True

    def take(self, dataset: str, judged: str) -> None:
        """Take the rows of a table that have a reason."""
        ((n_taken,),) = self.con.execute(
            f"insert into set_aside select {quoted(dataset)}, _reason, _row, "
            f"{quoted(self.origin)}, _position from {judged} where _reason is not null"
        ).fetchall()
        self._is_empty &= not n_taken

    def take_unreadable(self, dataset: str) -> None:
        """Take the lines that DuckDB could not read as the columns that the loader declares."""
        try:
            is_any = self.con.execute("select 1 from csv_rejects limit 1").fetchall()
        except duckdb.CatalogException:
            return
        if is_any:  # seldom: looking first is much quicker than grouping nothing
            self._is_empty = False
            self.con.execute(f"""
                insert into set_aside
                select {quoted(dataset)},
                    'line ' || line || ': ' || lower(min_by(error_type, error_message)) || ': '
                    || min(error_message),
                    to_json(struct_pack(line := trim(min(csv_line), chr(13) || chr(10)))),
                    {quoted(self.origin)}, line
                from csv_rejects
                where scan_id = (select max(scan_id) from csv_rejects)
                group by line
            """)
        self._drop_unreadable()

    def write(self, into: Table, feed: str, load_id: str) -> list[Part]:
        """Count by reason, numbers in it left out, and write what there is."""
        if self._is_empty:
            return []
        counted = self.con.execute(
            "select dataset || ': ' || min(reason), count(*) from set_aside "
            "group by dataset, regexp_replace(reason, '[0-9]+', '', 'g') order by 2 desc, 1"
        ).fetchall()
        self.reasons = dict(counted)
        sql = (
            f"select *, cast(null as timestamptz) as known_at, {quoted(feed)} as source, "
            f"{quoted(load_id)} as load_id, false as is_gone from set_aside "
            f"order by dataset, position, reason"
        )
        return into.write(self.con, sql)

    def _drop_unreadable(self) -> None:
        self.con.execute("drop table if exists csv_rejects")
        self.con.execute("drop table if exists csv_rejects_scan")
