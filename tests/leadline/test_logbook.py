"""A log's entries, checkpoints and what lies beside it are read one by one."""

from pathlib import Path

import pytest
from deltalake import DeltaTable

from leadline import homes
from leadline.logbook import LAST, LOG, Logbook
from tests.desks import SmallDesk, small_desk


@pytest.fixture
def place(tmp_path: Path) -> Path:
    desk: SmallDesk = small_desk(tmp_path / "desk")
    for n in range(4):
        desk.prints((str(n), 1, "05 15:00"), feed=f"f{n}")
    place = desk.root / "store/prints"
    DeltaTable(place).create_checkpoint()
    return place


def test_a_sound_log_is_all_there_and_names_every_file(place: Path) -> None:
    log = Logbook.of(homes.at(place))

    assert (list(log.findings()), list(log.strays()), log.is_all) == ([], [], True)
    assert (len(log.entries), len(log.added), len(log.loads)) == (5, 4, 4)
    assert list(log.checkpoints) == [4]


def test_what_is_damaged_lost_or_named_by_nobody_is_told(place: Path) -> None:
    (place / LOG / f"{1:020}.json").unlink()
    (place / LOG / f"{2:020}.json").write_text('{"add": ')
    (place / LOG / f"{4:020}.checkpoint.parquet").unlink()
    (place / "known_date=2024-03-05/stray.parquet").write_bytes(b"")

    log = Logbook.of(homes.at(place))

    assert sorted(each.path.name for each in log.findings()) == [
        f"{1:020}.json", f"{2:020}.json", LAST,
    ]  # fmt: skip
    assert not log.is_all
    assert "known_date=2024-03-05/stray.parquet" in [each.name for each in log.strays()]


def test_a_folder_without_a_log_has_no_entries(tmp_path: Path) -> None:
    assert list(Logbook.of(homes.at(tmp_path)).findings()) == []
