"""A dataset's contract is a file that DuckDB itself reads."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from leadline.contract import Contract, read_all
from leadline.errors import ViewError

TRADES = """-- kind:       event
-- partition:  day
-- what:       Trades of a test,
--             and nothing else.
-- grain:      one row per trade
-- key:        venue, trade_id

create table trades (
    venue text not null,  -- where it was done
    trade_id text not null,  -- its number there
    price decimal(18, 8) not null,  -- USD
    legs struct(
        contract text, size bigint
    )[],  -- what it is made of; null for a single one
    side integer default -1,  -- 1, -1 or null
    check (price > 0),
    check (side in (1, -1))
);
"""
Read = Callable[[str], Contract]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write trades.sql and read it."""

    def written(text: str) -> Contract:
        (tmp_path / "trades.sql").write_text(text)
        return read_all(tmp_path)["trades"]

    return written


def test_a_folder_holds_a_contract_a_file(tmp_path: Path) -> None:
    for name in ("prints", "trades"):
        (tmp_path / f"{name}.sql").write_text(TRADES.replace("table trades", f"table {name}"))

    contracts = read_all(tmp_path)

    assert list(contracts) == ["prints", "trades"]


def test_columns_have_duckdb_s_types_and_say_whether_they_may_be_null(read: Read) -> None:
    contract = read(TRADES)

    assert [(c.name, c.type, c.is_required) for c in contract.columns] == [
        ("venue", "varchar", True),
        ("trade_id", "varchar", True),
        ("price", "decimal(18,8)", True),
        ("legs", "struct(contract varchar, size bigint)[]", False),
        ("side", "integer", False),
    ]


def test_a_comment_may_stand_below_its_column_and_after_a_negative_number(read: Read) -> None:
    contract = read(TRADES)

    assert contract.comments["legs"] == "what it is made of; null for a single one"
    assert contract.comments["side"] == "1, -1 or null"


def test_the_columns_that_the_store_adds_are_commented_too(read: Read) -> None:
    contract = read(TRADES)

    assert contract.comments["known_at"] == "when the world could know this row"
    assert contract.comments["recorded_at"] == "when this store knew it"


def test_checks_are_kept_in_their_order(read: Read) -> None:
    contract = read(TRADES)

    assert ["price" in check for check in contract.checks] == [True, False]


def test_a_calendar_without_a_session_date_is_told(read: Read, tmp_path: Path) -> None:
    with pytest.raises(ViewError) as told:
        read(TRADES.replace("-- what:", "-- calendar:   XNYS\n-- what:", 1))

    where = tmp_path / "trades.sql"
    assert str(told.value) == (
        f"{where}: it names a calendar and has no session_date; add the column"
    )


def test_a_key_is_a_list_of_columns(read: Read) -> None:
    assert read(TRADES).key == ("venue", "trade_id")


def test_events_have_a_sequence_and_state_has_none(read: Read) -> None:
    event = read(TRADES)
    state = read(TRADES.replace("event", "state"))

    assert ("sequence" in event.added, "sequence" in state.added) == (True, False)


@pytest.mark.parametrize(
    ("word", "column"), [("day", "known_date"), ("month", "known_month"), ("none", None)]
)
def test_a_partition_is_a_stretch_of_known_at(word: str, column: str | None, read: Read) -> None:
    contract = read(TRADES.replace("day", word))

    assert contract.partition == column


def test_what_is_stored_is_in_utc_with_the_partition_last(read: Read) -> None:
    schema = read(TRADES).arrow

    assert schema.field("known_at").type == pa.timestamp("us", "UTC")
    assert schema.names[-1] == "known_date"


def test_a_comment_changes_no_digest_and_a_type_does(read: Read) -> None:
    before = read(TRADES).digest

    commented = read(TRADES.replace("-- USD", "-- US dollars")).digest
    typed = read(TRADES.replace("(18, 8)", "(18, 6)")).digest

    assert (commented == before, typed == before) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-- kind: ", "-- knid: ", ":1: unknown header key 'knid'; did you mean 'kind'"),
        ("event", "events", ":1: kind is 'events'; it takes event or state"),
        ("day", "week", ":2: partition is 'week'; it takes day, month or none"),
        ("-- what: ", "-- row_group: no\n-- what: ", ": row_group is 'no', no number of rows"),
        ("-- grain:      one row per trade\n", "", ":1: the header has no 'grain'; say it"),
        (
            "venue text",
            "venue text text",
            ':9: syntax error at or near "text"; mend the statement',
        ),
        ("venue text", "venue txet", ": Type with name txet does not exist; mend the statement"),
        ("table trades", "table trade", ": it makes no table 'trades'; name the table as the file"),
        (
            "venue, trade_id",
            "venue, trade_ids",
            ": key names 'trade_ids', which is no column that is not null; did you mean 'trade_id'",
        ),
        ("  -- USD", "", ": price has no comment; say what it means"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    old: str, new: str, said: str, read: Read, tmp_path: Path
) -> None:
    with pytest.raises(ViewError) as told:
        read(TRADES.replace(old, new))

    assert str(told.value) == f"{tmp_path / 'trades.sql'}{said}"
