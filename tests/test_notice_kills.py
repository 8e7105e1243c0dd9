"""A notifier is killed at any of its steps; the receiver counts: 0 lost, 0 twice by their ids."""

import os
import random
import shutil
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.acts import act, append
from tests.doors import ROOT
from tests.forks import FORKS
from tests.notices import Killed, softly, spare, strike, tell, tell_and_die
from tests.receivers import SECRET, Receiver, is_signed, receiving
from tests.soaks import SOAK, commit_of, write_page
from tests.stores import opened

SEED = 20240301
KILLS = 25  # of a life in one store
FEW = 12  # in the ordinary run
STEPS = 24  # of telling a few acts, about
IDLE = 5  # of finding that there is nothing to tell
PATIENCE_S = 60


class Life:
    """One store and one receiver, and what was to be told over all kills."""

    def __init__(self, place: Path, receiver: Receiver) -> None:
        self.place, self.receiver = place, receiver
        self.acts: list[str] = []
        self.ahead = timedelta()
        self.n_killed = 0

    def happen(self, chance: random.Random) -> None:
        """Append a few acts, and choose what the receiver does with them."""
        n = len(self.acts)
        fired = [
            act(
                "fired",
                f"S{n + each}",
                f"05 15:{n % 60:02}",
                says={"group": chance.choice(([], ["key"]))},
            )
            for each in range(chance.randint(1, 3))
        ]
        self.acts += [each["action_id"] for each in fired]
        with opened(self.place / "store") as store:
            append(store, fired)
        self.receiver.answers = chance.choices(
            [200, 500, (429, "1"), "cut", "cut after"], [6, 1, 1, 1, 2], k=4
        )

    def softly(self, chance: random.Random, most: int) -> None:
        """Be killed in this process, at one of so many steps."""
        strike(chance.randint(1, most), softly)
        try:
            tell(self.place, self.receiver.url, self.ahead)
        except Killed:
            self.n_killed += 1
        finally:
            spare()

    def for_good(self, chance: random.Random) -> None:
        """Be killed in a process of its own."""
        given = (self.place, self.receiver.url, self.ahead, chance.randint(1, STEPS))
        process = FORKS.Process(target=tell_and_die, args=given)
        process.start()
        process.join(PATIENCE_S)
        assert process.exitcode in (0, -signal.SIGKILL)
        self.n_killed += process.exitcode == -signal.SIGKILL

    def later(self) -> None:
        """Go on until whatever was not taken was tried again."""
        self.receiver.answers.clear()
        for _ in range(2):
            self.ahead += timedelta(minutes=20)
            tell(self.place, self.receiver.url, self.ahead)

    def check(self, told: str) -> None:
        assert sorted(self.receiver.told.items()) == sorted((each, 1) for each in self.acts), told
        assert all(is_signed(SECRET, *each) for each in self.receiver.heard), told
        bodies: dict[str, bytes] = {}
        for headers, body in self.receiver.heard:
            assert bodies.setdefault(headers["webhook-id"], body) == body, told


def test_no_kill_at_a_step_of_it_loses_or_doubles_a_notice(tmp_path: Path) -> None:
    with receiving() as receiver:
        life = Life(tmp_path, receiver)

        seed = SEED
        while life.n_killed < FEW:
            chance, seed = random.Random(seed), seed + 1
            if is_new := seed % 2 == 0:  # else what the kill before left is killed again
                life.happen(chance)
            life.softly(chance, STEPS if is_new else IDLE)
        life.later()

        life.check(f"seeds {SEED} to {seed - 1}")
        assert max(receiver.ids.values()) > 1  # some were sent again, under their own id


def test_nor_does_a_process_that_is_gone(tmp_path: Path) -> None:
    with receiving() as receiver:
        life, chance = Life(tmp_path, receiver), random.Random(SEED)

        for _ in range(2):
            life.happen(chance)
            life.for_good(chance)
        life.later()

        life.check(f"seed {SEED}")
        assert life.n_killed >= 1


@pytest.mark.soak
@pytest.mark.timeout(0)  # each kill has a deadline of its own
def test_nor_do_eight_hundred_kills(tmp_path: Path) -> None:
    points = int(os.environ.get("LEADLINE_SOAK_NOTICES", "800"))
    commit = commit_of(ROOT)
    SOAK.mkdir(exist_ok=True)
    memory = SOAK / f"notices-{commit[:12]}.txt"
    done = [line.split() for line in memory.read_text().splitlines()] if memory.exists() else []

    while sum(int(killed) for _, killed, *_ in done) < points:
        seed, started = SEED + len(done), time.monotonic()
        chance, place = random.Random(seed), tmp_path / str(seed)
        with receiving() as receiver:
            life = Life(place, receiver)
            for _ in range(KILLS):
                life.happen(chance)
                life.for_good(chance)
            life.later()
            life.check(f"seed {seed}")
        again = sum(receiver.ids.values()) - len(receiver.ids)
        took = time.monotonic() - started
        row = (seed, life.n_killed, len(life.acts), len(receiver.ids), again, f"{took:.1f}")
        done.append([str(each) for each in row])
        with memory.open("a") as file:
            file.write(" ".join(done[-1]) + "\n")
        shutil.rmtree(place)
    seeds, killed, acts, notices, again_, seconds = (
        [float(each) for each in column] for column in zip(*done, strict=True)
    )
    write_page(
        f"| notices | {sum(killed):,.0f} SIGKILLs at steps of composing, flushing and sending "
        f"{sum(acts):,.0f} acts as {sum(notices):,.0f} notices to a receiver that fails, cuts and "
        f"counts | {min(seeds):.0f} to {max(seeds):.0f} | `{commit[:12]}` | {sum(seconds):,.0f} "
        f"| 0 acts lost, 0 under two ids; {sum(again_):,.0f} sent again under their own id |"
    )
