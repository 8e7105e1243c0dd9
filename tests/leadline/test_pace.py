"""Two paces of one folder stand for two processes: they meet only in its file."""

import time
from datetime import timedelta
from pathlib import Path

from leadline import clock
from leadline.pace import Pace, Rest


def test_two_of_a_folder_share_the_pace_of_a_host(tmp_path: Path) -> None:
    times, begun = [], time.monotonic()

    with Pace(tmp_path, per_second=5) as one, Pace(tmp_path, per_second=5) as two:
        for pace in (one, two, one, two):
            assert pace.take_turn("sec.gov", patience_s=5)
            times.append(time.monotonic() - begun)

    assert [at > n * 0.19 for n, at in enumerate(times)] == [True] * 4


def test_hosts_do_not_wait_for_one_another(tmp_path: Path) -> None:
    with Pace(tmp_path, per_second=0.1) as pace:
        took = [pace.take_turn(host, patience_s=0.1) for host in ("sec.gov", "finra.org")]

    assert took == [True, True]


def test_a_turn_beyond_the_patience_is_not_taken(tmp_path: Path) -> None:
    with Pace(tmp_path, per_second=0.1) as pace:
        took = [pace.take_turn("sec.gov", patience_s=0.1) for _ in range(2)]

    assert took == [True, False]


def test_a_rest_is_kept_by_all_and_of_one_source_alone(tmp_path: Path) -> None:
    rest = Rest(clock.now() + timedelta(minutes=10), "too fast")

    with Pace(tmp_path, per_second=5) as one, Pace(tmp_path, per_second=5) as two:
        one.leave_alone("sec.gov", rest)
        two.leave_alone("sec.gov", Rest(clock.now(), "a shorter one"))

        assert one.rest("sec.gov") == two.rest("sec.gov") == rest
        assert one.rest("finra.org") is None


def test_a_rest_ends(tmp_path: Path) -> None:
    with Pace(tmp_path, per_second=5) as pace:
        pace.leave_alone("sec.gov", Rest(clock.now(), "too fast"))

        assert pace.rest("sec.gov") is None
