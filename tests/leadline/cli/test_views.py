from pathlib import Path

import pytest

from tests.desks import HIGH, SmallDesk, house_copy, run, small_desk


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project."""
    return small_desk(tmp_path / "desk")


def test_views_lists_every_version_with_its_sentence(desk: SmallDesk) -> None:
    ended = run(desk.root, "views")

    assert (ended.code, ended.err) == (0, "")
    assert [line.split(None, 2) for line in ended.out.splitlines()] == [
        [
            "curated.followed_v1",
            "live",
            "Prints, each with the one before and the one after.",
        ],
        ["detectors.prices_high_v1", "live", "A print above a price."],
    ]


@pytest.mark.parametrize(
    "name", ["prices.high", "detectors.prices_high", "detectors.prices_high_v1"]
)
def test_a_view_is_shown_with_all_that_is_in_force(desk: SmallDesk, name: str) -> None:
    desk.write("leadline.toml", '[params."prices.high"]\nmin_price = 7\n')

    ended = run(desk.root, "views", name)

    lines = ended.out.splitlines()
    assert lines[0].startswith("detectors.prices_high_v1 (live), fingerprint ")
    assert lines[1] == "reads: curated.followed v1"
    assert lines[2] == "param: min_price = 7 (default 100)"
    assert lines[3] == "column: entity varchar -- what a person watches"
    assert ended.out.endswith(HIGH + "\n")
    assert ended.err == ""


def test_a_dataset_is_shown_as_its_contract(desk: SmallDesk) -> None:
    ended = run(desk.root, "views", "raw.prints")

    assert ended.out.startswith("raw.prints\nPrints of a test.\n")
    assert "print_id text not null,  -- its number" in ended.out


def test_diff_shows_text_and_rows_added_removed_and_changed(desk: SmallDesk) -> None:
    others = "where prints.price not between 100 and 199"
    second = HIGH.replace("where prints.price >= params.min_price", others)
    second = second.replace("price / 10", "price / 20")
    second = second.replace("-- misses", "-- changed: v1 saw too little\n-- misses")
    desk.write("sql/detectors/prices/high.v2.sql", second)
    desk.prints(
        ("a", 50, "05 14:00"), ("b", 150, "05 15:00"), ("c", 250, "05 16:00"), ("d", 0, "05 16:01")
    )

    ended = run(desk.root, "views", "--diff", "prices.high", "1", "2")

    assert (ended.code, ended.err) == (0, "")
    assert "-where prints.price >= params.min_price" in ended.out
    assert "+where prints.price not between 100 and 199" in ended.out
    assert "\n2 added, 1 removed, 1 changed, 0 same\n" in ended.out
    rows = [line.split()[0] for line in ended.out.splitlines() if "prices.high|" in line[20:]]
    assert sorted(rows) == ["added", "added", "changed", "removed"]


def test_diff_takes_a_span(desk: SmallDesk) -> None:
    second = HIGH.replace("100 as", "1 as")
    second = second.replace("-- misses", "-- changed: v1 saw too little\n-- misses")
    desk.write("sql/detectors/prices/high.v2.sql", second)
    desk.prints(("a", 50, "05 14:00"), ("b", 50, "06 14:00"))
    span = ("--since", "2024-03-06", "--until", "2024-03-07")

    ended = run(desk.root, "views", "--diff", "prices.high", "1", "2", *span)

    assert "\n1 added, 0 removed, 0 changed, 0 same\n" in ended.out


def test_a_new_version_of_a_real_detector_can_be_compared(tmp_path: Path) -> None:
    desk = house_copy(tmp_path / "desk")
    first = desk.root / "sql/detectors/options/oi_change.v1.sql"
    text = first.read_text().replace("5 as min_d_oi_rel", "10 as min_d_oi_rel")
    text = text.replace("-- misses:", "-- changed:  v1 was noisy\n-- misses:", 1)
    desk.write("sql/detectors/options/oi_change.v2.sql", text)
    desk.sessions()

    ended = run(desk.root, "views", "--diff", "options.oi_change", "1", "2")

    assert (ended.code, ended.err) == (0, "")
    assert "+        10 as min_d_oi_rel" in ended.out
    assert ended.out.endswith("\n0 added, 0 removed, 0 changed, 0 same\n")
