"""leadline watch: what a person types, and what comes of it."""

from pathlib import Path

import pytest

from tests.desks import SmallDesk, run
from tests.watching import watching_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    return watching_desk(tmp_path_factory.mktemp("watch"))


def test_a_list_is_added_to_shown_edited_as_a_file_and_cut(desk: SmallDesk, tmp_path: Path) -> None:
    added = run(
        desk.root, "watch", "add", "desk", "AAPL", "MSFT", "AAPPL", "--threshold", "5",
        "--horizon", "15m", "--quantity", "100", "--cost", "178.5",
    )  # fmt: skip
    file = tmp_path / "desk.csv"
    shown = run(desk.root, "watch", "show", "desk", "--format", "csv", "-o", file)
    again = run(desk.root, "watch", "load", file)
    file.write_text("symbol,threshold_sigma\nMSFT,3\nTWTR,3\n")
    loaded = run(desk.root, "watch", "load", file)
    listed = run(desk.root, "watch", "list")
    removed = run(desk.root, "watch", "remove", "desk", "AAPL")

    assert (added.code, added.out) == (1, "")
    assert added.err == (
        "desk: AAPPL is unknown; did you mean 'AAPL'\n"
        "desk: 2 symbols, 2 new or changed, 0 taken off, 1 refused\n"
    )
    assert shown.code == 0
    assert (again.code, again.err) == (
        0, "desk: 2 symbols, 0 new or changed, 0 taken off, 0 refused\n"
    )  # fmt: skip
    assert (loaded.code, loaded.err) == (
        1,
        "desk: TWTR has not been listed since 2022-11-08\n"
        "desk: 1 symbols, 1 new or changed, 1 taken off, 1 refused\n",
    )
    assert (listed.code, listed.out.split()) == (0, ["desk", "1", "of", "1", "symbols", "active"])
    assert (removed.code, removed.err) == (
        1, "desk: AAPL is not on desk\ndesk: 1 symbols, 0 new or changed, 0 taken off, 1 refused\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "desk", "AAPL", "--horizon", "1h"), 2, "--horizon is '1h'; it takes 5m, 15m"),
        (("add", "desk", "AAPL", "--threshold", "0"), 1, "--threshold is '0'; it takes a number"),
        (("add", "desk", "AAPL", "--known-at", "soon"), 1, "'soon' is no moment"),
        (("add", "a b", "AAPL"), 1, "add: a list is named 'a b'; it takes letters"),
        (("show", "nobody"), 1, "nobody: no watch list has this name"),
        (("remove", "nobody", "AAPL"), 1, "nobody: no watch list has this name"),
        (("load", "nowhere.csv"), 1, "nowhere.csv: No such file or directory"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_sentence(
    desk: SmallDesk, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = run(desk.root, "watch", *words)

    assert (ended.code, ended.out) == (code, "")
    assert said in " ".join(ended.err.split())
