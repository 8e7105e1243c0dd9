import json
from datetime import timedelta
from pathlib import Path

import pytest

from leadline.clock import BEGINNING, now
from tests.desks import SmallDesk, run, small_desk


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project that is sound."""
    desk = small_desk(tmp_path / "desk")
    run(desk.root, "lock")
    days = [now() + timedelta(days=n) for n in range(60)]
    rows = [
        {
            "calendar": "24/7", "session_date": day.date(), "opens_at": day, "sequence": n,
            "closes_at": day + timedelta(hours=20), "is_half_session": False,
            "known_at": BEGINNING,
        }
        for n, day in enumerate(days)
    ]  # fmt: skip
    desk.load("sessions", rows, feed="sessions")
    return desk


def test_doctor_says_what_it_is_made_of_and_that_it_is_sound(desk: SmallDesk) -> None:
    ended = run(desk.root, "doctor")

    assert (ended.code, ended.err) == (0, "sound\n")
    assert ended.out.startswith(f"project {desk.root}\npython 3.11.")


def test_doctor_ends_with_1_and_says_each_finding_in_one_sentence_or_as_json(
    desk: SmallDesk,
) -> None:
    desk.write("leadline.toml", "[schedule.nobody]\n")

    ended = run(desk.root, "doctor")
    told = json.loads(run(desk.root, "doctor", "--json").out)

    assert (ended.code, ended.err) == (1, "findings: 1\n")
    cause, fix = "[schedule.nobody] names no feed", "leadline feeds lists them"
    assert ended.out.splitlines()[2:] == [f"leadline.toml: {cause}; {fix}"]
    assert told["findings"] == [
        {"name": "schedule", "where": "leadline.toml", "cause": cause, "fix": fix}
    ]
    assert told["project"] == str(desk.root)
