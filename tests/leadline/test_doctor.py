"""Twenty faults and more, each planted in a sound desk: the doctor names it and what mends it."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from leadline import checks, clock
from leadline.clock import Span
from leadline.doctor import Doctor, Finding
from leadline.lock import freeze
from leadline.publication import Publication
from live.channel import read_one
from tests.desks import SmallDesk, checked_desk
from tests.doors import ROOT

VIEWS = ("ops/feeds.v1", "ops/feed_gaps.v1", "ops/loads.v1", "ops/rejected.v1",
         "curated/us_sessions.v1", "curated/sessions.v1")  # fmt: skip
NOW = clock.now()
Planted = Callable[[SmallDesk], dict[str, Any] | None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out a small desk whose store holds sessions and a feed that comes every day."""
    desk = checked_desk(tmp_path_factory.mktemp("sound") / "desk")
    for name in (*(f"views/{view}" for view in VIEWS), "tables/feed_gaps"):
        desk.write(f"sql/{name}.sql", (ROOT / f"sql/{name}.sql").read_text())
    desk.write("loaders/sec_things.py", "")
    desk.write("loaders/massive_things.py", "")
    freeze(desk.catalog())
    days = [NOW.replace(hour=0, minute=0, second=0) + timedelta(days=n) for n in range(-12, 60)]
    rows = [
        {
            "calendar": "XNYS", "session_date": day.date(), "is_half_session": False,
            "opens_at": day, "closes_at": day + timedelta(hours=23), "sequence": n,
            "known_at": clock.BEGINNING,
        }
        for n, day in enumerate(days)
    ]  # fmt: skip
    desk.load("sessions", rows, feed="sessions")
    come(desk, "daily", [NOW - timedelta(hours=20 * n + 1) for n in range(7, -1, -1)])
    return desk.root


def come(desk: SmallDesk, feed: str, moments: list[datetime], n_bad: int = 0) -> None:
    """Load one print at each moment, as a load of its own."""
    with desk.store() as store:
        for n, moment in enumerate(moments):
            rows: list[dict[str, Any]] = [
                {"print_id": f"{feed} {n}", "price": 5, "known_at": moment}
            ]
            rows += [
                {"print_id": f"bad {i}", "price": None, "known_at": moment} for i in range(n_bad)
            ]
            store.load(Publication(feed, f"{n}", ("prints",), [("prints", rows)], feed))


@pytest.fixture
def desk(sound: Path, tmp_path: Path) -> Iterator[SmallDesk]:
    """Copy the sound desk, so that a fault may be planted in it."""
    root = tmp_path / "desk"
    shutil.copytree(sound, root, copy_function=shutil.copy)
    made = SmallDesk(root)
    yield made
    if listening := made.__dict__.get("listening"):
        listening.close()


def nine_gb_left(place: Path) -> tuple[int, int]:
    return 1_000_000_000_000, 9_000_000_000


def empty(place: Path) -> tuple[int, int]:
    return 1_000_000_000_000, 1_000_000_000_000


def examine(desk: SmallDesk, **given: Any) -> list[Finding]:
    flags = {"store": str(desk.root / "store"), "threads": 1}
    machine: dict[str, Any] = {"env": {}, "room": empty}
    return list(Doctor(desk.root, flags, **(machine | given)).examine())


def part(desk: SmallDesk) -> Path:
    return next((desk.root / "store" / "prints").rglob("*.parquet"))


def too_old(desk: SmallDesk) -> dict[str, Any]:
    return {"version": lambda name: "0.1" if name == "duckdb" else metadata.version(name)}


def not_there(desk: SmallDesk) -> dict[str, Any]:
    def version(name: str) -> str:
        if name == "isal":
            raise metadata.PackageNotFoundError(name)
        return metadata.version(name)

    return {"version": version}


def misspelt(desk: SmallDesk) -> None:
    desk.write("leadline.toml", 'stroe = "x"\n')


def no_store(desk: SmallDesk) -> None:
    shutil.rmtree(desk.root / "store")


def no_folder(desk: SmallDesk) -> None:
    shutil.rmtree(desk.root / "store")
    (desk.root / "store").write_text("")


def full(desk: SmallDesk) -> dict[str, Any]:
    (desk.root / "store/a_lot").touch()
    os.truncate(desk.root / "store/a_lot", 8_500_000_000)  # a hole, as long as a year of trades
    return {"room": nine_gb_left}


def killed(desk: SmallDesk) -> None:
    left = desk.root / "store/prints/_made-1"
    left.mkdir()
    os.utime(left, (0, 0))


def no_log(desk: SmallDesk) -> None:
    shutil.rmtree(desk.root / "store/prints/_delta_log")


def cut_log(desk: SmallDesk) -> None:
    for path in (desk.root / "store/prints/_delta_log").glob("*.json"):
        path.write_bytes(path.read_bytes()[:40])


def gone(desk: SmallDesk) -> None:
    part(desk).unlink()


def cut(desk: SmallDesk) -> None:
    part(desk).write_bytes(part(desk).read_bytes()[:-9])


def unused(desk: SmallDesk) -> None:
    old = part(desk).with_name("part-old.parquet")
    old.write_bytes(b"1")
    os.utime(old, (0, 0))


def no_sessions(desk: SmallDesk) -> None:
    with desk.store() as store:
        store.ledger.refresh()
        store.forget(store.ledger.standing("sessions")[0])


def ending(desk: SmallDesk) -> dict[str, Any]:
    return {"now": lambda: NOW + timedelta(days=45)}


def silent(desk: SmallDesk) -> None:
    come(desk, "dead", [NOW - timedelta(hours=20 * n) for n in range(14, 6, -1)])


def rejecting(desk: SmallDesk) -> None:
    come(desk, "odd", [NOW - timedelta(hours=1)], n_bad=3)


def failing(desk: SmallDesk) -> None:
    desk.prints(("a", -1, "05 15:00"), feed="slips")
    with desk.warehouse() as house, desk.store() as store:
        span = Span(clock.BEGINNING, clock.now())
        checks.keep(store, list(checks.look(house, checks.named(house), span)))


def changed(desk: SmallDesk) -> None:
    path = "sql/views/curated/followed.v1.sql"
    desk.write(path, (desk.root / path).read_text().replace("count(*)", "sum(1)"))


def unbound(desk: SmallDesk) -> None:
    path = "sql/views/curated/more.v1.sql"
    text = (desk.root / "sql/views/curated/followed.v1.sql").read_text()
    desk.write(path, text.replace("print_id, price", "print_id, prise").replace("live", "draft"))


def circular(desk: SmallDesk) -> None:
    text = (desk.root / "sql/views/curated/followed.v1.sql").read_text()
    desk.write("sql/views/curated/lost.v1.sql", text.replace("raw.prints", "raw.prints_2"))


def ahead(desk: SmallDesk) -> dict[str, Any]:
    return {"now": lambda: NOW - timedelta(hours=3)}


def greedy(desk: SmallDesk) -> dict[str, Any]:
    desk.write("leadline.toml", 'memory = "64GB"\n')
    return {"memory": lambda: 8_000_000_000}


def taken(desk: SmallDesk) -> dict[str, Any]:
    listening = socket.create_server(("127.0.0.1", 0))
    desk.__dict__["listening"] = listening  # for as long as the desk is there
    return {"port": listening.getsockname()[1]}


def idle(desk: SmallDesk) -> None:
    desk.write("leadline.toml", '[rules.a]\nchannels = ["b"]\n[channels.b]\n[channels.c]\n')


def nameless(desk: SmallDesk) -> None:
    desk.write("leadline.toml", '[rules.a]\nchannels = ["desc"]\n[channels.desk]\n')


def nobody(desk: SmallDesk) -> None:
    desk.write("leadline.toml", "[schedule.sec_thing]\n[schedule.refresh]\n")


def keyless(desk: SmallDesk) -> None:
    desk.write("leadline.toml", "[schedule.massive_things]\n")


def mute(desk: SmallDesk) -> dict[str, Any]:
    told = '[channels.desk]\nkind = "webhook"\nurl = "https://example.com/in"\n'
    desk.write("leadline.toml", told)
    return {"channel": read_one}


def stranger(desk: SmallDesk) -> None:
    desk.write("leadline.toml", "[schedule.sec_things]\n")


def told_to_all(desk: SmallDesk) -> None:
    desk.write(".env", "KEY=1").chmod(0o644)


def open_tokens(desk: SmallDesk) -> None:
    desk.write("leadline.toml", '[serve]\ntokens = "held"\n')
    desk.write("held", "").chmod(0o644)


FAULTS: dict[str, tuple[Planted, str, str, str]] = {
    "a library too old": (too_old, "version", "version 0.1 is not >=2.0", "pip install -U"),
    "a library missing": (not_there, "package", "it is not installed", "pip install 'isal"),
    "a setting misspelt": (misspelt, "settings", "unknown key 'stroe'", "did you mean 'store'"),
    "no store": (no_store, "no store", "there is no store yet", "run leadline load sessions"),
    "a file as the store": (no_folder, "no folder", "it is no folder", "LEADLINE_STORE"),
    "a full disk": (full, "disk", "9.0 GB left of 1000.0", "run leadline store vacuum"),
    "a killed load": (killed, "leftover", "a killed load left _made-1", "rm -r"),
    "no log": (no_log, "log", "it has files and no log names one", "from a backup"),
    "a cut log": (cut_log, "log", "its log can't be read", "run leadline store verify"),
    "a file gone": (gone, "file", "the log names it and it is gone", "from a backup"),
    "a file cut": (cut, "file", "bytes, the log says", "from a backup"),
    "files out of use": (unused, "vacuum", "1 files of 1 bytes", "run leadline store vacuum"),
    "no sessions": (no_sessions, "sessions", "it holds no sessions", "run leadline load sessions"),
    "sessions end soon": (ending, "sessions", "its sessions end on", "run leadline load sessions"),
    "a silent feed": (silent, "feed", "STALE, silent for", "run leadline load dead"),
    "rows set aside": (rejecting, "rejected", "3 rows were set aside", "from ops.rejected"),
    "a failing check": (failing, "check", "it calls 1 rows bad", "leadline check data prints.neg"),
    "a changed view": (changed, "lock", "its meaning is frozen", "copy it to"),
    "an unbound view": (unbound, "views", 'column "prise" not found', "did you mean"),
    "a lost dataset": (circular, "views", "which is no view", "did you mean"),
    "a clock behind": (ahead, "clock", "after this machine's clock", "set the machine's clock"),
    "too much memory": (greedy, "memory", "the machine has 8.0GB", "set less"),
    "a taken port": (taken, "port", "the port is in use", "another --port"),
    "an unused channel": (idle, "unused", "[channels.c] is named by no rule", "or drop it"),
    "an unknown channel": (nameless, "channel", "names channel 'desc'", "write [channels.desc]"),
    "an unknown feed": (nobody, "schedule", "did you mean 'sec_things'", "leadline feeds"),
    "a missing key": (keyless, "secret", "LEADLINE_MASSIVE_KEY_ID", "set it in the environment"),
    "a channel without its secret": (
        mute, "channel", "needs a secret", "set LEADLINE_CHANNEL_DESK_SECRET in the environment",
    ),
    "no contact": (stranger, "contact", "the SEC refuses", "set contact"),
    "tokens for all": (open_tokens, "serve", "others may read it", "chmod 600"),
    "a secret for all": (told_to_all, "mode", "its mode is 644", "chmod 600"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_planted_fault_is_named_with_its_cause_and_its_fix(
    desk: SmallDesk, fault: str
) -> None:
    plant, name, cause, fix = FAULTS[fault]

    given = plant(desk) or {}
    found = examine(desk, **given)

    said = [finding for finding in found if finding.name == name]
    assert [one for one in said if cause in one.cause and fix in one.fix] != [], found
    assert "\n" not in "".join(map(str, found))


def test_a_sound_desk_is_quiet(desk: SmallDesk) -> None:
    assert list(map(str, examine(desk))) == []


def test_a_store_that_fits_twice_may_be_on_a_disk_that_is_nearly_full(desk: SmallDesk) -> None:
    assert list(map(str, examine(desk, room=nine_gb_left))) == []
