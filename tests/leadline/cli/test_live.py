from pathlib import Path
from time import sleep

import pytest

from leadline.alerts import Alerts
from leadline.cli.app import Desk
from leadline.cli.live import Files
from leadline.errors import ViewError
from tests.desks import HIGH, SmallDesk, run, small_desk, start
from tests.doors import ROOT
from tests.pushes import LOST, Source

TOLD = '''\
"""Prints that somebody tells.

Source: a test.
Limits: none.
Quirks: known_at is when a print was received.
"""

from leadline.feed import Feed

FEED = Feed(writes=("prints",), socket="ws://127.0.0.1:{port}")


async def listen(socket):
    """Yield each print."""
    async for connection in socket:
        async for at, text in connection:
            yield "prints", [{{"print_id": text, "price": int(text), "known_at": at}}]
'''


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.prints(("a", 500, "05 15:00"), ("b", 50, "05 15:01"))
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def test_live_once_prints_each_alert_and_appends_it(desk: SmallDesk) -> None:
    first, second = run(desk.root, "live", "--once"), run(desk.root, "live", "--once")

    assert (first.code, first.err) == (0, "")
    assert first.out == "2024-03-05 15:00:00Z medium prices.high T: print a\n"
    assert (second.code, second.out) == (0, "")
    counted = run(desk.root, "sql", "select count(*) as n from raw.alerts", "--format", "csv")
    assert counted.out.splitlines()[1] == "1"


def test_live_ends_when_its_time_is_up(desk: SmallDesk) -> None:
    ended = run(desk.root, "live", "--for", "1s")

    assert ended.code == 0
    assert ended.err.startswith("live: 1 detectors, every 5s\n")


def test_live_once_tells_the_steps_of_rules_and_what_it_leaves_out(desk: SmallDesk) -> None:
    desk.write("rules/high.toml", 'of = "prices.high"\n')
    desk.write("rules/odd.toml", 'off = "prices.high"\n')

    ended = run(desk.root, "live", "--once")

    assert ended.out.splitlines()[1:] == ["2024-03-05 15:00:00Z medium fired high T: print a"]
    assert ended.err == ("odd: left out; rules/odd.toml: unknown key 'off'; did you mean 'of'\n")


def test_a_saved_detector_is_asked_and_the_others_are_not_asked_again(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_PROJECT", str(desk.root))
    own = Desk({})
    alerts, files = Alerts(own.warehouse(), own.another_store()), Files(own)
    said = [[alert["alert_key"] for alert in alerts.tick().alerts]]
    assert files.anew(alerts) is None

    desk.write("sql/detectors/prices/low.v1.sql", HIGH.replace("high|", "low|").replace(">=", "<"))
    fresh = files.anew(alerts)
    assert fresh is not None
    said.append([alert["alert_key"] for alert in fresh.tick().alerts])
    odd = desk.write("sql/detectors/prices/odd.v1.sql", HIGH.replace("select", "selec"))
    with pytest.raises(ViewError, match=r"odd\.v1\.sql"):
        files.anew(fresh)
    odd.unlink()
    desk.prints(("c", 700, "05 15:10"), feed="later")
    said.append([alert["alert_key"] for alert in fresh.tick().alerts])
    files.close()
    own.close()

    assert said == [["prices.high|a"], ["prices.low|b"], ["prices.high|c"]]


def test_a_stretch_that_is_none_is_told(desk: SmallDesk) -> None:
    ended = run(desk.root, "live", "--every", "often")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "--every: 'often' is no stretch of time; write 60s, 5m or 2h\n"


def test_live_listens_and_ctrl_c_keeps_what_was_received(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSOCKETS_BACKOFF_INITIAL_DELAY", "0.01")
    run(desk.root, "live", "--once")
    with Source(500, LOST, 700) as source:
        desk.write("loaders/told.py", TOLD.format(port=source.port))
        process = start(desk.root, "live", "--feeds", "told", "--every", "1s")
        assert process.stdout is not None
        fired = [process.stdout.readline().rpartition(" ")[2] for _ in range(2)]
        source.left.append(900)
        source.wait_until_heard()
        process.send_signal(2)
        _, err = process.communicate(timeout=30)

    assert fired == ["500\n", "700\n"]
    assert process.returncode == 130, err
    assert "live: 1 detectors, every 1s, listening to told\n" in err
    assert "listening again feed=told reason=the source closed the connection in_s=0.0" in err
    kept = run(desk.root, "sql", "select price from raw.prints order by price", "--format", "csv")
    assert kept.out.split()[1:] == ["50", "500", "500", "700", "900"]


def test_a_feed_that_is_silent_for_longer_than_its_card_says_is_listened_to_again(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSOCKETS_BACKOFF_INITIAL_DELAY", "0.01")
    with Source() as source:
        told = TOLD.format(port=source.port).replace(
            '")\n\n\nasync', '", silence_s=0.3)\n\n\nasync'
        )
        desk.write("loaders/told.py", told)
        process = start(desk.root, "live", "--feeds", "told")
        while source.n_connections < 2:
            assert process.poll() is None
            sleep(0.01)
        process.send_signal(2)
        _, err = process.communicate(timeout=30)

    assert "listening again feed=told reason=nothing was said for 0.3 s in_s=" in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--feeds", "sessions"], 1, "sessions: it has no live form; leave it out of --feeds"),
        (["--feeds", "tolled"], 1, "tolled: no such feed; did you mean 'told'"),
        (["--feeds", "told", "--once"], 2, "leave --feeds out"),
    ],
)
def test_what_can_not_be_listened_to_is_told(
    desk: SmallDesk, words: list[str], code: int, said: str
) -> None:
    desk.write("loaders/told.py", TOLD.format(port=1))
    desk.write("loaders/sessions.py", (ROOT / "loaders/sessions.py").read_text())

    ended = run(desk.root, "live", *words)

    assert (ended.code, ended.out) == (code, "")
    assert said in " ".join(ended.err.split())
