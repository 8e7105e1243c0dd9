"""Loads that break off: killed, without room, without rights."""

import os
import random
import resource
import subprocess
import sys
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from leadline.errors import StoreError
from leadline.store import Store
from tests.forks import leadline
from tests.publications import DAY, A, B, as_seen, in_force, publish, random_lines
from tests.stores import (
    ask,
    finra,
    lines,
    load_calendar,
    load_finra,
    load_sessions,
    opened,
)


def test_rows_without_a_line_in_the_ledger_are_not_seen(
    store: Store, place: Path, tmp_path: Path
) -> None:
    load_finra(store, finra(tmp_path, DAY, A))
    table = store.tables["short_volume"]
    (file,) = table.paths()
    stray = f"select * replace ('no line' as load_id) from read_parquet('{file}')"
    table.append(table.write(store.con, stray), "no line")

    assert len(table.paths()) == 2
    assert in_force(place) == as_seen(A)


def test_a_load_that_was_killed_before_its_line_is_found_again_by_its_days(
    store: Store, place: Path, tmp_path: Path
) -> None:
    # What a load leaves that is killed between its rows and its line, the day before.
    yesterday = datetime(2024, 3, 4, 23, 59, tzinfo=UTC)
    publish(store, tmp_path, A)
    publish(store, tmp_path, B, known_at=yesterday)
    left = place / "short_volume"
    for path in (place / "loads").rglob("*"):
        if path.is_file() and "00000000000000000003" in path.name:
            path.unlink()

    with opened(place) as other:
        publish(other, tmp_path, B, known_at=yesterday)

    entry = lines(place)[-1]["datasets"]
    assert [(e["n_rows"], e["since_date"], e["until_date"]) for e in entry] == [
        (2, date(2024, 3, 4), date(2024, 3, 4))
    ]
    assert left.exists()
    assert in_force(place) == as_seen(B)


def test_a_place_that_is_a_file_is_told(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("no store")

    with opened(place) as store, pytest.raises(StoreError) as error:
        load_calendar(store, date(2024, 2, 1), date(2024, 4, 30))

    assert str(error.value) == (
        f"{place}/sessions: can't be written, Not a directory; check its rights and its room, "
        f"then run this again, or name another store with LEADLINE_STORE"
    )


def test_a_place_that_nobody_may_write_to_is_told() -> None:
    with opened(Path("/proc/leadline")) as store, pytest.raises(StoreError) as error:
        load_calendar(store, date(2024, 2, 1), date(2024, 4, 30))

    assert str(error.value).startswith("/proc/leadline/sessions: can't be written, ")
    assert str(error.value).endswith("or name another store with LEADLINE_STORE")


def leave_room(n_bytes: int) -> None:
    """Let no file grow beyond so many bytes, from when the store takes over in this process."""

    def step(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_name == "load" and code.co_filename.endswith("/store.py"):
            sys.setprofile(None)
            resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))

    sys.setprofile(step)


def test_a_command_without_room_says_so_in_one_sentence_and_can_be_run_again(
    store: Store, place: Path, tmp_path: Path
) -> None:
    path = finra(tmp_path / "first", DAY, [*A, "EE|x|0|1"])
    load_finra(store, path)
    changed = finra(tmp_path / "changed", DAY, B)
    before = content(place)
    said = {}
    for n_bytes in (0, 1_500, 2_500):
        said[n_bytes] = leadline(
            "load", "finra_short_volume", "--from", changed,
            store=place, scratch=tmp_path / "scratch", before=partial(leave_room, n_bytes),
        )  # fmt: skip
        assert content(place) == before
    load_finra(store, changed)

    for exit_code, sentence in said.values():
        assert exit_code == 1, said
        assert str(place) in sentence
        assert "File too large" in sentence
        assert "run this again" in sentence
    assert in_force(place) == as_seen(B)


def content(place: Path) -> Any:
    return (in_force(place), len(ask(place, "raw.short_volume")), len(lines(place)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_disk_that_is_really_full_loses_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine mounts no disk")
    try:
        place = disk / "store"
        chance = random.Random(20240301)
        with opened(place) as store:
            load_sessions(store)
            n_loaded = 0
            sentence = ""
            while not sentence:
                path = finra(tmp_path / "files", DAY, random_lines(chance, 500))
                try:
                    load_finra(store, path.rename(path.with_stem(f"{path.stem}-{n_loaded}")))
                    n_loaded += 1
                except StoreError as error:
                    sentence = str(error)
        seen_before = len(ask(place, "raw.short_volume"))
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        with opened(place) as store:
            load_finra(store, *(tmp_path / "files").iterdir())
        seen_after = len(ask(place, "raw.short_volume"))
    finally:
        subprocess.run(["umount", disk], check=True)

    assert "No space left on device" in sentence
    assert str(place) in sentence
    assert n_loaded > 0
    assert (seen_before, seen_after) == (n_loaded * 500, (n_loaded + 1) * 500)
