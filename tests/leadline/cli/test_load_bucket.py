"""leadline load, where the card of a feed names a bucket."""

from datetime import date

import pytest

from tests.buckets import Front, error, on
from tests.desks import SmallDesk, house_copy, run

HEAD = "ticker,conditions,correction,exchange,price,sip_timestamp,size"
PRINT = "O:KILO240315C00100000,227,0,309,16.2,{ns},3"
DAYS = [date(2024, 3, 1), date(2024, 3, 4), date(2024, 3, 5)]
KEYS = {"LEADLINE_MASSIVE_KEY_ID": "AKEYID", "LEADLINE_MASSIVE_SECRET": "aSecretKey"}
SPAN = ("--since", "2024-03-01", "--until", "2024-03-08")


def key(day: date) -> str:
    return f"us_options_opra/trades_v1/{day:%Y/%m/%Y-%m-%d}.csv.gz"


def prints(day: date, n: int = 1) -> str:
    """Write a day of prints at 15:00 UTC."""
    ns = ((day - date(1970, 1, 1)).days * 24 + 15) * 3_600 * 10**9
    return "\n".join((HEAD, *(PRINT.format(ns=ns + 10**6 * number) for number in range(n)))) + "\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out the real project with a few sessions."""
    desk = house_copy(tmp_path_factory.mktemp("desk"))
    desk.sessions()
    return desk


def load(desk: SmallDesk, front: Front, *words: str, without: str = "") -> tuple[int, list[str]]:
    """Load the span; return the exit code and what was said."""
    env = {"LEADLINE_MASSIVE_BUCKET": f"{front.url}/flatfiles", **KEYS}
    env.pop(without, None)
    ended = run(desk.root, "load", "massive_option_trades", *SPAN, *words, env=env)
    assert not [key for key in KEYS.values() if key in ended.err]
    return ended.code, ended.err.splitlines()


def test_a_dry_run_says_files_and_bytes_a_run_fetches_them_and_the_next_has_them(
    desk: SmallDesk, front: Front
) -> None:
    for day in DAYS:
        front.put(key(day), prints(day))
    size = sum(map(front.size, map(key, DAYS)))

    dry, once, again = load(desk, front, "--dry-run"), load(desk, front), load(desk, front)
    front.put(key(DAYS[1]), prints(DAYS[1], 3))
    issued_again = load(desk, front)

    said = f"massive_option_trades: 3 files to fetch, {size} bytes; 0 loaded already"
    assert dry == (0, [said])
    assert once == (
        0,
        [
            said,
            "massive_option_trades: added 3 rows in 3 loads",
            f"massive_option_trades: 4 requests, {size} bytes",
        ],
    )
    assert again[1][0] == "massive_option_trades: 0 files to fetch, 0 bytes; 3 loaded already"
    assert issued_again[1][1] == "massive_option_trades: added 2 rows in 1 loads"
    assert len(front.gets) == 4


def test_a_plan_without_the_object_is_one_sentence(desk: SmallDesk, front: Front) -> None:
    day = date(2024, 3, 6)
    front.put(key(day), prints(day))
    front.faults = [on(f"flatfiles/{key(day)}", lambda _: error(403, "AccessDenied"))]

    code, said = load(desk, front)

    host = front.url.removeprefix("http://")
    assert (code, said[-1]) == (
        1,
        f"massive_option_trades: {host} refuses {key(day)}, 403 AccessDenied; "
        f"these keys may not read it",
    )


def test_without_keys_the_sentence_names_their_variables(desk: SmallDesk, front: Front) -> None:
    code, said = load(desk, front, without="LEADLINE_MASSIVE_SECRET")

    assert (code, front.asked) == (1, [])
    assert said == [
        "massive: it answers nobody without keys; set LEADLINE_MASSIVE_SECRET in the environment"
    ]


def test_a_bucket_feed_needs_a_span(desk: SmallDesk) -> None:
    assert run(desk.root, "load", "massive_option_trades").code == 2
