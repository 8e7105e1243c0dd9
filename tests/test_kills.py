"""A loader is killed at a seeded moment and run again; the store ends as if undisturbed."""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import pytest

from leadline import clock
from leadline.quote import quoted
from tests.doors import ROOT
from tests.forks import start
from tests.soaks import SOAK, commit_of, write_page
from tests.stores import door, finra, lines, load_files, load_sessions, opened

SEED = 20240301
POINTS = 1  # of the four stages; `make soak` kills at many more
DEADLINE_S = 60
ASIDE = ("recorded_at", "started_at", "duration_ms", "n_conflicts")


@dataclass(frozen=True)
class Command:
    """One load, for a process of its own or for this one."""

    feed: str
    paths: tuple[Path, ...]
    known_at: str | None = None

    @property
    def words(self) -> list[str | Path]:
        """The command line."""
        words: list[str | Path] = ["load", self.feed]
        for path in self.paths:
            words += ["--from", path]
        return words + (["--known-at", self.known_at] if self.known_at else [])

    def finish(self, place: Path) -> None:
        """Run it to its end in this process."""
        known_at = clock.moment(self.known_at) if self.known_at else None
        with opened(place) as store:
            load_files(store, self.feed, *self.paths, known_at=known_at)


@dataclass(frozen=True)
class Stage:
    """One command, the store that it finds, and the store that it leaves undisturbed."""

    command: Command
    before: Path
    after: Path

    @property
    def n_new(self) -> int:
        """How many files an undisturbed run adds."""
        return len(names(self.after) - names(self.before))


def names(place: Path) -> set[str]:
    """Return every file under a folder that others are writing to."""
    found: set[str] = set()
    for folder, _, files in os.walk(place):
        found.update(os.path.join(folder, name) for name in files)
    return {name.removeprefix(str(place)) for name in found}


def kill_at(nth_step: int) -> None:
    """Let this process kill itself as the nth step of its load returns."""
    left = nth_step

    def step(frame: FrameType, event: str, _: object) -> None:
        nonlocal left
        code = frame.f_code
        if event == "return" and code.co_filename.endswith("leadline/table.py"):
            left -= code.co_name in ("write", "_commit")
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(step)


def kill(command: Command, store: Path, scratch: Path, nth: int) -> bool:
    """Run a command and kill it when it has made its nth file; say whether it was killed."""
    known = names(store)
    new: set[str] = set()
    running = start(*command.words, store=store, scratch=scratch)
    deadline = time.monotonic() + DEADLINE_S
    while running.is_alive() and len(new) < nth:
        assert time.monotonic() < deadline
        running.join(0.002)  # a loop that never rests would take a core from the load
        new |= names(store) - known
    running.kill()
    running.join()
    return running.exitcode == -signal.SIGKILL


def content(place: Path) -> dict[str, Any]:
    """Return all that two stores must have in common: rows, rows as asked, and lines."""
    found: dict[str, Any] = {}
    with door(place) as warehouse, duckdb.connect() as con:
        for dataset, files in warehouse.refresh().files.items():
            if dataset == "loads" or not files:
                continue
            listed = ", ".join(map(quoted, files))
            rows = con.sql(f"select * from read_parquet([{listed}]) order by all")
            found[dataset] = rows.to_arrow_table()
            # What is set aside is known when it is recorded, which differs from run to run.
            clocks = "recorded_at, known_at, known_date" if dataset == "rejected" else "recorded_at"
            asked = warehouse.ask(f"raw.{dataset}", clock.BEGINNING, clock.FOREVER)
            rows = asked.project(f"* exclude ({clocks})").order("all")
            found[f"raw.{dataset}"] = rows.to_arrow_table()
        found["lines"] = [
            {name: value for name, value in line.items() if name not in ASIDE}
            for line in warehouse.store.ledger.lines
        ]
    return found


def stages(folder: Path, commands: Sequence[Command], first: date, last: date) -> list[Stage]:
    """Run commands one after another, keeping the store before and after each."""
    place = folder / "0"
    with opened(place) as store:
        load_sessions(store, first, last)
    made = []
    for n, command in enumerate(commands, 1):
        after = folder / str(n)
        shutil.copytree(place, after)
        command.finish(after)
        made.append(Stage(command, place, after))
        place = after
    return made


CHAIN = (
    "underlying,underlying_last,exchange,optionroot,type,expiration,quotedate,strike,last,net,"
    "bid,ask,volume,openinterest,impliedvol,delta,gamma"
)


def chain(folder: Path, day: date, interest: int, n_rows: int = 40) -> Path:
    """Write a chain as Cboe does; its last row has a strike that breaks the contract."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"SPX_{day:%Y%m%d}.csv"
    rows = [
        f"SPX,5100.5,CBOE,SPX240419C0{n:04}000,call,04/19/2024,{day:%m/%d/%Y},"
        f"{n if n < n_rows else 0},1.5,0.0,{n % 3},{n % 3 + 1},{n},{interest + n % 5},0.2,0.5,0.01"
        for n in range(1, n_rows + 1)
    ]
    path.write_text("\n".join([CHAIN, *rows]) + "\n")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Stage]:
    """Loads of both kinds of feed, then corrections of both, with rows that are set aside."""
    folder = tmp_path_factory.mktemp("kills")
    for n in range(1, 6):
        text = [f"S{i}|{i}|0|{i + n}" for i in range(60)]
        if n == 2:
            text += ["BAD|9|0|1", "WORSE|x|0|1"]
        finra(folder / "short", date(2024, 3, 3 + n), text)
    for n in (1, 2):
        changed = [f"S{i}|{i + i % 7}|0|{i + n + 6}" for i in range(55)]
        finra(folder / "short-again", date(2024, 3, 3 + n), changed)
    for n in (4, 5):
        chain(folder / "chains", date(2024, 3, n), 10)
        chain(folder / "chains-again", date(2024, 3, n), 11, n_rows=35)
    commands = [
        Command("finra_short_volume", (folder / "short",)),
        Command("cboe_chains", (folder / "chains",)),
        Command("finra_short_volume", (folder / "short-again",), "2024-04-01"),
        Command("cboe_chains", (folder / "chains-again",), "2024-04-01"),
    ]
    return stages(folder, commands, date(2024, 2, 1), date(2024, 4, 30))


@cache
def undisturbed(place: Path) -> dict[str, Any]:
    return content(place)


def disturbed(stage: Stage, store: Path, scratch: Path, chance: random.Random) -> int:
    """Kill a command once, and its next run too now and then, then let it finish."""
    shutil.copytree(stage.before, store)
    n_kills = 0
    for _ in range(chance.choice((1, 1, 1, 2))):
        n_kills += kill(stage.command, store, scratch, chance.randint(1, stage.n_new))
    stage.command.finish(store)
    return n_kills


@pytest.mark.parametrize("seed", range(SEED, SEED + POINTS))
def test_a_load_that_is_killed_and_run_again_ends_as_if_nothing_had_happened(
    made: list[Stage], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    stage = made[seed % len(made)]

    disturbed(stage, tmp_path / "store", tmp_path / "scratch", chance)

    assert content(tmp_path / "store") == undisturbed(stage.after)


@pytest.mark.parametrize(
    ("nth_stage", "stride"),
    [
        pytest.param(1, 1, id="a first publication", marks=pytest.mark.soak),
        pytest.param(3, 1, id="a changed one", marks=pytest.mark.soak),
        pytest.param(3, 5, id="a changed one, every fifth step"),
    ],
)
def test_a_load_may_be_killed_between_any_two_of_its_steps(
    made: list[Stage], tmp_path: Path, nth_stage: int, stride: int
) -> None:
    stage = made[nth_stage]
    one = sorted(stage.command.paths[0].iterdir())[0]
    command = Command(stage.command.feed, (one,), stage.command.known_at)
    shutil.copytree(stage.before, tmp_path / "whole")
    command.finish(tmp_path / "whole")
    whole, before = content(tmp_path / "whole"), undisturbed(stage.before)

    n_steps = 0
    while True:
        store = tmp_path / str(n_steps)
        shutil.copytree(stage.before, store)
        running = start(
            *command.words, store=store, scratch=tmp_path / "scratch",
            before=partial(kill_at, n_steps + 1),
        )  # fmt: skip
        running.join(DEADLINE_S)
        if running.exitcode == 0:
            break
        assert running.exitcode == -signal.SIGKILL
        n_steps += stride
        n_lines = len(lines(store))
        command.finish(store)

        assert n_lines in (len(before["lines"]), len(whole["lines"]))
        assert content(store) == whole

    assert n_steps >= 8  # rejected, open_interest, option_chains, loads: each written, committed


@pytest.mark.real
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.soak)])
def test_a_load_of_real_files_may_be_killed(
    real: Path, real_stages: Callable[[Path], list[Stage]], tmp_path: Path, seed: int
) -> None:
    made = real_stages(real)
    stage = made[seed % len(made)]

    disturbed(stage, tmp_path / "store", tmp_path / "scratch", random.Random(SEED + seed))

    assert content(tmp_path / "store") == undisturbed(stage.after)


@pytest.fixture(scope="module")
def real_stages(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Path], list[Stage]]:
    folder = tmp_path_factory.mktemp("real")

    @cache
    def make(real: Path) -> list[Stage]:
        short = tuple(real / "finra_regsho_daily" / name for name in ("FORF", "FNRA"))
        chains = real / "options_eod_cboe_spx"
        days = sorted(chains.glob("SPX_2019042[56]*"))
        assert days
        return stages(
            folder,
            [Command("finra_short_volume", short), Command("cboe_chains", tuple(days[:2]))],
            date(2019, 4, 1),
            date(2021, 12, 31),
        )

    return make


@pytest.mark.soak
@pytest.mark.timeout(0)  # each kill has a deadline of its own
def test_no_kill_in_a_thousand_loses_or_doubles_a_row(made: list[Stage], tmp_path: Path) -> None:
    points = int(os.environ.get("LEADLINE_SOAK_POINTS", "1000"))
    commit = commit_of(ROOT)
    SOAK.mkdir(exist_ok=True)
    memory = SOAK / f"kills-{commit[:12]}.txt"
    done = [line.split() for line in memory.read_text().splitlines()] if memory.exists() else []
    known = {int(seed) for seed, _, _ in done}

    for seed in range(SEED, SEED + points):
        if seed in known:
            continue
        started = time.monotonic()
        chance = random.Random(seed)
        stage = made[seed % len(made)]
        store = tmp_path / "store"
        n_kills = disturbed(stage, store, tmp_path / "scratch", chance)
        assert content(store) == undisturbed(stage.after), f"seed {seed}"
        shutil.rmtree(store)
        shutil.rmtree(tmp_path / "scratch")
        done.append([str(seed), str(n_kills), f"{time.monotonic() - started:.1f}"])
        with memory.open("a") as file:
            file.write(" ".join(done[-1]) + "\n")
    kills = sum(int(n) for _, n, _ in done)
    seconds = sum(float(took) for _, _, took in done)
    write_page(
        f"| kills | {len(done):,} loads of FINRA and Cboe files, {kills:,} SIGKILLs, run again "
        f"| {SEED} to {max(int(seed) for seed, _, _ in done)} | `{commit[:12]}` "
        f"| {seconds:,.0f} | rows and ledger equal an undisturbed run's |"
    )
