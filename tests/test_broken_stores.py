"""A disk loses the end of what was written; a sentence says what to run, and that works."""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.errors import LeadlineError
from leadline.logbook import LOG
from leadline.mend import Mending
from leadline.store import Store
from leadline.verify import verify
from tests import write_acts
from tests.desks import SmallDesk, run
from tests.doors import ROOT
from tests.soaks import SOAK, commit_of, write_figures
from tests.stores import door, load_calendar, opened
from tests.write_paths import (
    asked,
    copy_of,
    heard,
    lay_rules,
    lay_short,
    standing_shorts,
    told_alerts,
)

SEED = 20240301
WRECKS = ("half", "empty", "lost")


def both(root: Path) -> None:
    write_acts.load_short(root)
    write_acts.load_short_again(root)


def tell(root: Path) -> None:
    """Load prints and look at them."""
    write_acts.lay_small(root)
    write_acts.tick(root)


def join(root: Path) -> None:
    write_acts.lay_small(root)
    write_acts.compact(root)


def chains(root: Path) -> Any:
    with door(root / "store", dataset="option_chains") as house:
        rows = house.ask("raw.option_chains", BEGINNING, FOREVER).filter("not is_gone")
        return rows.project("contract, known_at, bid, ask").order("all").to_arrow_table()


def prints(root: Path) -> Any:
    return asked("raw.prints", "print_id, price, known_at", "not is_gone")(root)


@dataclass(frozen=True)
class Way:
    """What is laid out, done, broken and done again, and what must be there at last."""

    lay: Callable[[Path], Any]
    act: Callable[[Path], None]
    told: Callable[[Path], Any]


WAYS = {
    "load": Way(lay_short, write_acts.load_short, standing_shorts),
    "changed load": Way(lay_short, both, standing_shorts),
    "children": Way(lay_short, write_acts.load_chains, chains),
    "alerts": Way(lay_rules, tell, told_alerts),
    "acts": Way(write_acts.lay_small, write_acts.acknowledge,
                asked("raw.alert_actions", "action_id, alert_id, action")),
    "compaction": Way(write_acts.lay_small, join, prints),
    "live": Way(write_acts.lay_small, write_acts.hear, lambda root: heard(root)[0]),
}  # fmt: skip


@contextmanager
def store_of(root: Path) -> Iterator[Store]:
    with (
        SmallDesk(root).store()
        if (root / "leadline.toml").exists()
        else opened(root / "store") as store
    ):
        yield store


@cache
def undisturbed(name: str, folder: Path) -> tuple[Path, Any]:
    """Return a store in which a way was gone, and what is told of it."""
    root = folder / name.replace(" ", "-")
    WAYS[name].lay(root)
    WAYS[name].act(root)
    return root, WAYS[name].told(root)


def wreck(place: Path, dice: random.Random) -> str:
    """Break the newest entry of a log, or the newest file, of a dataset; say what."""
    how, what = dice.choice(WRECKS), dice.choice(("entry", "file"))
    logs = [p for p in place.glob(f"*/{LOG}/*.json") if int(p.stem)]
    by_dataset: dict[Path, list[Path]] = {}
    for path in sorted(logs):
        by_dataset.setdefault(path.parent.parent, []).append(path)
    folder = dice.choice(sorted(by_dataset))
    path = by_dataset[folder][-1]
    if what == "file":
        path = max(folder.rglob("part-*.parquet"), key=lambda each: each.stat().st_mtime_ns)
    if how == "lost":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 if how == "half" else 0])
    return f"{what} of {folder.name} {how}"


def errors(root: Path) -> list[str]:
    with store_of(root) as store:
        return [f"{each.path}: {each.what}" for each in verify(store) if each.is_error]


def refused(name: str, root: Path) -> str:
    """Go a way again; return with what sentence it ended, if it did."""
    try:
        WAYS[name].act(root)
    except LeadlineError as error:
        return str(error)
    return ""


def healed(name: str, seed: int, folder: Path, root: Path) -> str:
    """Wreck a store, do as it says, and hold it against the sound one; say how it was healed."""
    whole, calm = undisturbed(name, folder)
    copy_of(whole, root)
    what = wreck(root / "store", random.Random(f"{name} {seed}"))
    where = f"{name}, seed {seed}, {what}"
    how = "again"
    if said := refused(name, root):
        assert "leadline store verify" in said, f"{where}: {said}"
        how = "mended"
    if errors(root):
        how = "mended"
        with store_of(root) as store:
            assert list(Mending(store).run()), where
            if not (root / "leadline.toml").exists():
                load_calendar(store, date(2024, 2, 1), date(2024, 4, 30))
        WAYS[name].act(root)
    assert errors(root) == [], where
    assert WAYS[name].told(root) == calm, where
    return how


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken")


@pytest.mark.parametrize("name", ["changed load", "alerts"])
@pytest.mark.parametrize("seed", [SEED + 1])
def test_a_store_that_lost_its_last_writes_is_mended_and_loaded_again(
    name: str, seed: int, folder: Path, tmp_path: Path
) -> None:
    healed(name, seed, folder, tmp_path / "desk")


def test_verify_says_mend_and_mend_says_what_to_load_again(folder: Path, tmp_path: Path) -> None:
    whole, calm = undisturbed("changed load", folder)
    root = copy_of(whole, tmp_path / "desk")
    with opened(root / "store") as store:
        Path(store.tables["short_volume"].paths()[0]).write_bytes(b"")

    said = run(ROOT, "--store", root / "store", "store", "verify")
    mended = run(ROOT, "--store", root / "store", "store", "mend")
    again = run(ROOT, "--store", root / "store", "store", "mend")

    assert said.code == 1
    assert "leadline store mend sets aside what is damaged" in said.err
    assert "run leadline load finra_short_volume again" in mended.out
    assert again.err == "nothing had to be mended\n"
    both(root)
    assert standing_shorts(root) == calm


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_no_lost_end_in_two_hundred_can_not_be_mended(folder: Path, tmp_path: Path) -> None:
    n_points = int(os.environ.get("LEADLINE_SOAK_WRECKS", "200"))
    commit = commit_of(ROOT)
    SOAK.mkdir(exist_ok=True)
    memory = SOAK / f"wrecks-{commit[:12]}.txt"
    done = [line.split("\t") for line in memory.read_text().splitlines()] if memory.exists() else []
    known = {int(seed) for seed, _ in done}

    for seed in range(SEED, SEED + n_points):
        if seed not in known:
            name = sorted(WAYS)[seed % len(WAYS)]
            done.append([str(seed), healed(name, seed, folder, tmp_path / "desk")])
            shutil.rmtree(tmp_path / "desk")
            with memory.open("a") as file:
                file.write("\t".join(done[-1]) + "\n")
    counts = Counter(how for _, how in done)
    write_figures(
        "What a broken store says",
        f"| {len(done):,} ends lost, of {len(WAYS)} ways of writing: {counts['again']:,} healed by "
        f"running again, {counts['mended']:,} by `leadline store mend` and running again "
        f"| {SEED} to {SEED + n_points - 1} | `{commit[:12]}` "
        "| the rows that stand equal the undisturbed run's, and verify finds no error |",
    )
