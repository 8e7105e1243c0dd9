"""Small files become few beside whoever appends, and what breaks is tried again."""

import os
import sys
from pathlib import Path
from threading import Event, get_native_id
from typing import Any, cast

import pytest

from leadline.errors import StoreError
from live.joiner import Joiner
from tests.desks import small_desk


def test_files_of_many_appends_are_joined_while_it_is_entered(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    for n in range(6):
        desk.prints((str(n), 1, "05 15:00"), feed=f"feed{n}")

    with desk.store() as store, Joiner(store, every_s=0.01, most=4) as joiner:
        while joiner.n_joined < 2:  # of the prints, and of the ledger
            Event().wait(0.01)

    with desk.store() as store:
        assert len(store.tables["prints"].paths()) == 1
        assert len(store.tables["loads"].paths()) == 1


class Away:
    """A store that can't be reached."""

    def __init__(self) -> None:
        self.asked = 0

    @property
    def tables(self) -> Any:
        self.asked += 1
        raise StoreError("store: it is away")


def test_a_store_that_is_away_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    away = Away()

    with Joiner(cast(Any, away), every_s=0.01):
        while away.asked < 2:
            Event().wait(0.01)

    assert "files left for later reason=store: it is away" in caplog.text


class Watched:
    """A store that sees how willingly its thread gives way."""

    nice: int | None = None

    @property
    def tables(self) -> Any:
        self.nice = os.getpriority(os.PRIO_PROCESS, get_native_id())
        return {}


@pytest.mark.skipif(sys.platform != "linux", reason="threads of a process are alike elsewhere")
def test_it_gives_way_to_what_is_heard() -> None:
    watched, here = Watched(), os.getpriority(os.PRIO_PROCESS, get_native_id())

    with Joiner(cast(Any, watched), every_s=0.01):
        while watched.nice is None:
            Event().wait(0.01)

    assert watched.nice > here or here == 19
    assert os.getpriority(os.PRIO_PROCESS, get_native_id()) == here
