import shutil
from pathlib import Path

import pytest

from tests.desks import SmallDesk, house_copy, run
from tests.sites import Answer, Site, answering

HEAD = "Date|Symbol|ShortVolume|ShortExemptVolume|TotalVolume|Market"
READ_ALONE = """
from leadline.feed import Feed

FEED = Feed(writes=("short_volume",))


def read(files):
    yield from ()
"""
ROWS = ["20240301|A|10|0|100|Q", "20240301|BRK/B|20|1|200|Q"]


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out the real project with a few sessions."""
    desk = house_copy(tmp_path_factory.mktemp("laid") / "desk")
    desk.sessions()
    shutil.copytree(desk.root / "store", desk.root / "as laid")
    return desk


@pytest.fixture
def desk(laid: SmallDesk) -> SmallDesk:
    """Take away what was loaded and set since."""
    shutil.rmtree(laid.root / "store")
    shutil.copytree(laid.root / "as laid", laid.root / "store", copy_function=shutil.copyfile)
    laid.write("leadline.toml", "")
    return laid


def finra(folder: Path, *rows: str, day: str = "20240301") -> Path:
    """Write a file as FINRA publishes it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"CNMSshvol{day}.txt"
    path.write_text("\r\n".join([HEAD, *rows, str(len(rows))]) + "\r\n")
    return path


def load(desk: SmallDesk, *words: str | Path) -> tuple[int, str, list[str]]:
    """Run leadline load for the feed."""
    ended = run(desk.root, "load", "finra_short_volume", *words)
    return ended.code, ended.out, ended.err.splitlines()


def test_feeds_lists_each_feed_with_its_sentence(desk: SmallDesk) -> None:
    ended = run(desk.root, "feeds")

    assert (ended.code, ended.err) == (0, "")
    names = [line.split()[0] for line in ended.out.splitlines()]
    assert names == sorted(path.stem for path in (desk.root / "loaders").glob("[a-z]*.py"))
    assert all(len(line.split()) > 3 for line in ended.out.splitlines())


def test_a_file_is_loaded_and_said_on_stderr(desk: SmallDesk, tmp_path: Path) -> None:
    path = finra(tmp_path / "in", *ROWS)

    code, out, err = load(desk, "--from", path)

    assert (code, out) == (0, "")
    assert err == [
        f"finra_short_volume: 1 files, {path.stat().st_size} bytes, no requests",
        "finra_short_volume: added 2 rows in 1 loads",
    ]


def test_loading_again_adds_nothing(desk: SmallDesk, tmp_path: Path) -> None:
    path = finra(tmp_path / "in", *ROWS)
    load(desk, "--from", path)

    code, _, err = load(desk, "--from", path)

    assert (code, err[-1]) == (0, "finra_short_volume: added 0 rows in 0 loads")


def test_a_dry_run_says_it_and_does_nothing(desk: SmallDesk, tmp_path: Path) -> None:
    path = finra(tmp_path / "in", *ROWS)

    code, _, err = load(desk, "--from", path, "--dry-run")
    after = load(desk, "--from", path)

    assert (code, err[-1]) == (0, "finra_short_volume: would add 2 rows in 1 loads")
    assert after[2][-1] == "finra_short_volume: added 2 rows in 1 loads"


def test_files_of_others_in_a_folder_are_passed_over_and_named(
    desk: SmallDesk, tmp_path: Path
) -> None:
    finra(tmp_path / "in", *ROWS)
    (tmp_path / "in" / "README.txt").write_text("hello")

    code, _, err = load(desk, "--from", tmp_path / "in")

    assert code == 0
    assert err[0].endswith("README.txt is no file of this feed; passed over")


def test_rows_set_aside_are_counted_with_their_reason(desk: SmallDesk, tmp_path: Path) -> None:
    path = finra(tmp_path / "in", *ROWS, "20240301|C|30|0|3|Q")

    code, _, err = load(desk, "--from", path)

    assert code == 0
    assert err[1].startswith("finra_short_volume: 1 rows set aside in rejected, as short_volume: ")
    assert err[2] == "finra_short_volume: added 2 rows in 1 loads, 1 rows set aside"


def test_a_correction_is_known_when_known_at_says(desk: SmallDesk, tmp_path: Path) -> None:
    load(desk, "--from", finra(tmp_path / "in", *ROWS))
    fixed = finra(tmp_path / "in", "20240301|A|11|0|100|Q")

    code, _, err = load(desk, "--from", fixed, "--known-at", "2024-03-04T15:00Z")
    query = "select short_volume from curated.short_volume where withdrawn_at is null"
    before = run(desk.root, "sql", query, "--format", "csv", "--until", "2024-03-04T15:00Z")
    after = run(desk.root, "sql", query, "--format", "csv")

    assert (code, err[-1]) == (0, "finra_short_volume: added 1 rows in 1 loads, 1 tombstones")
    assert sorted(before.out.splitlines()[1:]) == ["10.000000", "20.000000"]
    assert after.out.splitlines()[1:] == ["11.000000"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--from", "{path}", "--since", "2024-03-01"],
    ],
)
def test_half_a_plan_is_wrong_usage(desk: SmallDesk, tmp_path: Path, words: list[str]) -> None:
    path = finra(tmp_path / "in", *ROWS)

    code, out, _ = load(desk, *(word.replace("{path}", str(path)) for word in words))

    assert (code, out) == (2, "")


def test_a_footer_that_counts_wrongly_is_told_and_nothing_is_loaded(
    desk: SmallDesk, tmp_path: Path
) -> None:
    path = finra(tmp_path / "in", *ROWS)
    path.write_text(path.read_text().replace("\n2", "\n3"))

    code, out, err = load(desk, "--from", path)

    assert (code, out) == (1, "")
    assert err[-1] == f"{path}:4: footer says 3 rows, found 2; fetch it again"


def test_a_path_that_is_not_there_is_told(desk: SmallDesk) -> None:
    code, _, err = load(desk, "--from", "/nowhere")

    assert (code, err) == (1, ["/nowhere: there is no such file or folder"])


def test_a_feed_without_a_network_form_says_how_it_is_loaded(desk: SmallDesk) -> None:
    desk.write("loaders/read_alone.py", READ_ALONE)

    ended = run(desk.root, "load", "read_alone", "--since", "2024-03-01")

    assert ended.code == 1
    assert ended.err == "read_alone: it has no network form here; give it files with --from\n"


def test_a_feed_of_the_present_refuses_a_span_that_has_passed(desk: SmallDesk) -> None:
    ended = run(desk.root, "load", "cboe_chains", "--until", "2024-03-02")

    assert ended.code == 1
    assert ended.err.splitlines()[-1] == (
        "cboe_chains: 1970-01-01 00:00:00Z to 2024-03-02 00:00:00Z is not the present, which is "
        "all that Cboe tells; leave --since and --until out"
    )


def test_an_unknown_feed_is_told_with_the_nearest(desk: SmallDesk) -> None:
    ended = run(desk.root, "load", "cboe_chain")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "cboe_chain: no such feed; did you mean 'cboe_chains'; leadline feeds lists them\n"
    )


def test_a_shell_s_glob_after_from_is_all_of_its_files(desk: SmallDesk, tmp_path: Path) -> None:
    paths = [finra(tmp_path / "in", *ROWS, day=day) for day in ("20240301", "20240304")]

    ended = run(desk.root, "load", "finra_short_volume", "--from", *paths)

    assert ended.err.startswith("finra_short_volume: 2 files")


def test_files_without_from_are_wrong_usage(desk: SmallDesk, tmp_path: Path) -> None:
    ended = run(desk.root, "load", "finra_short_volume", tmp_path)

    assert (ended.code, ended.out) == (2, "")
    assert "files come after --from" in ended.err


def test_a_source_that_is_busy_is_asked_again_and_that_is_said(desk: SmallDesk) -> None:
    with answering(Site(Answer(429, b"", {"Retry-After": "1"}))) as busy:
        desk.write("leadline.toml", f'[addresses]\n"https://cdn.finra.org" = "{busy.url}"\n')
        words = ("load", "finra_short_volume", "--since", "2024-03-01", "--until", "2024-03-02")
        ended = run(desk.root, *words)

    assert ended.code == 0
    assert ended.err.splitlines() == [
        "429 Too Many Requests; the source is asked again in 1 s",
        "finra_short_volume: added 0 rows in 0 loads",
        "finra_short_volume: 7 requests, 0 bytes",
    ]
