import re
from pathlib import Path

import pytest

from tests.desks import SmallDesk, run, small_desk
from tests.doors import ROOT


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out a small project with two loads of one day."""
    desk = small_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.prints(("a", 1, "05 15:00"), feed="first")
    desk.prints(("b", 2, "05 16:00"), feed="second")
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def rows(desk: SmallDesk) -> str:
    """Return which prints a question sees."""
    query = "select string_agg(print_id, ' ' order by print_id) from raw.prints"
    return run(desk.root, "sql", query, "--format", "csv").out.splitlines()[1]


def test_compact_joins_the_files_of_a_day_and_changes_no_row(desk: SmallDesk) -> None:
    ended = run(desk.root, "store", "compact", "prints")

    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("prints known_date=2024-03-05: 2 files of ")
    assert rows(desk) == '"a b"'


def test_compact_of_no_dataset_is_told(desk: SmallDesk) -> None:
    ended = run(desk.root, "store", "compact", "prnts")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "prnts: no such dataset; did you mean 'prints'\n"


def test_vacuum_keeps_what_a_question_may_still_need(desk: SmallDesk) -> None:
    run(desk.root, "store", "compact", "prints")

    ended = run(desk.root, "store", "vacuum")

    assert (ended.code, ended.out, ended.err) == (0, "", "0 files deleted\n")


def test_verify_reads_every_file_again(desk: SmallDesk) -> None:
    ended = run(desk.root, "store", "verify")

    assert (ended.code, ended.out) == (0, "")
    assert ended.err.endswith(" files read, 0 errors\n")


def test_verify_tells_a_damaged_file_and_fails(desk: SmallDesk) -> None:
    path = sorted((desk.root / "store" / "prints").glob("*/*.parquet"))[0]
    path.write_bytes(path.read_bytes()[:-20])

    ended = run(desk.root, "store", "verify")

    assert ended.code == 1
    assert f"error: {path}: " in ended.out
    assert "Traceback" not in ended.err


def test_history_and_forget_go_hand_in_hand(desk: SmallDesk) -> None:
    listed = run(desk.root, "store", "history", "--feed", "second")
    (line,) = listed.out.splitlines()
    load_id = line.split("  ")[1]

    forgotten = run(desk.root, "store", "forget", load_id)
    again = run(desk.root, "store", "forget", load_id)
    after = run(desk.root, "store", "history", "--feed", "second")

    assert line.endswith("second  all  1 rows, 0 gone, 0 rejected")
    assert (forgotten.code, forgotten.err) == (0, f"{load_id}: second all forgotten\n")
    assert (again.code, "it is forgotten already" in again.err) == (1, True)
    assert after.out.splitlines()[0].endswith(", forgotten")
    assert after.out.splitlines()[1].endswith(f"second  all  forgets {load_id}")
    assert rows(desk) == '"a"'


def test_retain_takes_out_what_the_settings_say(desk: SmallDesk) -> None:
    nothing = run(desk.root, "store", "retain")
    desk.write("sql/tables/drops.sql", (ROOT / "sql/tables/drops.sql").read_text())
    desk.write("leadline.toml", '[retention]\nprints = "30 days"\n')
    planned = run(desk.root, "store", "retain", "--dry-run")
    done = run(desk.root, "store", "retain")
    again = run(desk.root, "store", "retain")
    desk.write("leadline.toml", "[retention]\nprints = 30\n")
    wrong = run(desk.root, "store", "retain")

    assert (nothing.code, nothing.err) == (
        0, "leadline.toml has no [retention], so everything stays\n"
    )  # fmt: skip
    assert re.fullmatch("prints: 2 rows known before [0-9-]{10} would go\n", planned.out)
    assert done.out == planned.out.replace("would go", "are gone")
    assert (again.code, again.out, again.err) == (0, "", "nothing is as old as that\n")
    assert (wrong.code, wrong.err) == (
        1, "leadline.toml: retention.prints is '30'; it takes a length such as 30 days\n"
    )  # fmt: skip
