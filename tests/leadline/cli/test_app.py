"""What holds for every command: stdout is data, stderr is talk, and the exit code says how."""

import os
import re
import signal
from pathlib import Path

import pytest
from stamina.instrumentation import RetryDetails

from leadline.cli.app import say_again
from tests.desks import SmallDesk, run, small_desk, start
from tests.sites import Answer, Site, answering

# The first rows come at once, the rest never.
LONG = "select n from range(1_000_000_000_000) as t(n) where n < 150_000 or hash(n) = 1"


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project."""
    return small_desk(tmp_path / "desk")


def test_data_goes_to_stdout_and_nothing_else(desk: SmallDesk) -> None:
    ended = run(desk.root, "sql", "select 1 as one", "--format", "csv")

    assert (ended.code, ended.out, ended.err) == (0, '"one"\n1\n', "")


def test_talk_goes_to_stderr_and_nothing_else(desk: SmallDesk) -> None:
    ended = run(desk.root, "check")

    assert (ended.code, ended.out) == (1, "")
    assert "it is live and not in sql/versions.lock; run leadline lock" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["sql", "select * from curated.folowed"],
        ["sql", "selec 1"],
        ["sql", "-f", "nowhere.sql"],
        ["sql", "select 1", "--until", "yesterday"],
        ["sql", "select 1", "--since", "2024-03-02", "--until", "2024-03-01"],
        ["views", "curated.folowed"],
        ["views", "raw.prnts"],
        ["views", "--diff", "prices.high", "1", "2"],
        ["load", "nobody"],
        ["store", "forget", "nothing"],
        ["store", "compact", "prnts"],
    ],
)
def test_what_a_person_can_act_on_is_one_sentence_and_exit_code_1(
    desk: SmallDesk, words: list[str]
) -> None:
    ended = run(desk.root, *words)

    assert (ended.code, ended.out) == (1, "")
    assert re.fullmatch(r"[^\n]+\n", ended.err)
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["sql"],
        ["sql", "select 1", "-f", "query.sql"],
        ["sql", "select 1", "--format", "word"],
        ["sql", "select 1", "--param", "loose"],
        ["sql", "select 1", "--bind", "=1"],
        ["sql", "select 1", "--time-limit", "soon"],
        ["sql", "select 1", "--colour"],
        ["load"],
        ["store"],
        ["store", "vacuum", "--hours", "1"],
        ["views", "--diff", "prices.high", "one", "two"],
        ["--threads", "many", "views"],
    ],
)
def test_wrong_usage_is_exit_code_2(desk: SmallDesk, words: list[str]) -> None:
    ended = run(desk.root, *words)

    assert (ended.code, "Traceback" in ended.err) == (2, False)


def test_wrong_usage_is_told_in_one_line_that_no_box_breaks(desk: SmallDesk) -> None:
    ended = run(desk.root, "sql", "select 1", "--format", "word")

    assert ended.err.splitlines()[-1].endswith(
        "'word' is no format; use one of table, csv, json, jsonl, parquet, arrow, xlsx"
    )


@pytest.mark.parametrize("words", [["--help"], ["sql", "--help"], ["store", "compact", "--help"]])
def test_help_is_exit_code_0(desk: SmallDesk, words: list[str]) -> None:
    ended = run(desk.root, *words)

    assert (ended.code, ended.err) == (0, "")
    assert "Usage: leadline" in ended.out


def test_a_typo_in_the_settings_is_told_with_the_nearest_key(desk: SmallDesk) -> None:
    path = desk.write("leadline.toml", 'stroe = "here"\n')

    ended = run(desk.root, "views")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{path}: unknown key 'stroe'; did you mean 'store'\n"


def test_an_override_of_no_view_and_of_no_parameter_is_told(desk: SmallDesk) -> None:
    desk.write("leadline.toml", '[params."prices.hihg"]\nmin_price = 1\n')
    no_view = run(desk.root, "views")
    desk.write("leadline.toml", '[params."prices.high"]\nmin_prize = 1\n')
    no_param = run(desk.root, "views")
    desk.write("leadline.toml", '[params."prices.high"]\nmin_price = "one"\n')
    no_type = run(desk.root, "views")

    path = desk.root / "sql/detectors/prices/high.v1.sql"
    assert no_view.err == "params: there is no view 'prices.hihg'; did you mean 'prices.high'\n"
    assert no_param.err == f"{path}:11: params has no 'min_prize'; did you mean 'min_price'\n"
    assert no_type.err.startswith(f"{path}:11: min_price is 100, and 'one' is no integer")
    assert {no_view.code, no_param.code, no_type.code} == {1}


def test_a_broken_header_is_told_with_its_line(desk: SmallDesk) -> None:
    path = desk.root / "sql/views/curated/followed.v1.sql"
    path.write_text(path.read_text().replace("-- grain:", "-- grian:"))

    ended = run(desk.root, "views")

    assert ended.code == 1
    assert ended.err == f"{path}:2: unknown header key 'grian'; did you mean 'grain'\n"


def test_a_store_that_can_not_be_written_is_told(desk: SmallDesk) -> None:
    blocked = desk.write("blocked", "a file where the store's folder should be")
    desk.write("leadline.toml", 'store = "blocked/store"\n')
    desk.write("loaders/mine.py", _LOADER)
    desk.write("rows.txt", "")

    ended = run_alone(desk, "load", "mine", "--from", desk.root / "rows.txt")

    assert ended[0] == 1
    assert ended[2].splitlines()[-1].startswith(f"{blocked}/store")
    assert "Traceback" not in ended[2]


def test_a_bug_shows_as_a_bug(desk: SmallDesk) -> None:
    desk.write("loaders/mine.py", _LOADER.replace('"price": 1', '"price": {}["price"]'))
    desk.write("rows.txt", "")

    code, out, err = run_alone(desk, "load", "mine", "--from", desk.root / "rows.txt")

    assert (code, out) == (1, "")
    assert "Traceback" in err
    assert err.splitlines()[-1] == "KeyError: 'price'"


def test_an_error_that_may_pass_is_exit_code_3(desk: SmallDesk) -> None:
    wrong = 'raise FeedError("mine: 429 Too Many Requests", try_again=True)\n    yield'
    head = "from leadline.errors import FeedError\n"
    desk.write("loaders/mine.py", head + _LOADER.replace("yield", wrong))
    desk.write("rows.txt", "")

    code, out, err = run_alone(desk, "load", "mine", "--from", desk.root / "rows.txt")

    assert (code, out) == (3, "")
    assert err.splitlines()[-1] == "mine: 429 Too Many Requests"


def test_who_waits_for_another_download_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    held = BlockingIOError(11, "Resource temporarily unavailable")

    say_again(RetryDetails("flock", (), {}, 1, 0.4, 0.0, held))

    said = "another process fetches the same; looked at again in 0.4 s\n"
    assert capsys.readouterr() == ("", said)


def test_ctrl_c_stops_a_long_question_with_exit_code_130(desk: SmallDesk) -> None:
    process = start(desk.root, "sql", LONG, "--format", "csv", "--any-order")
    assert process.stdout is not None
    for _ in range(100_000):
        process.stdout.readline()

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (130, "")


def test_what_clears_up_after_ctrl_c_may_be_stopped_too(desk: SmallDesk) -> None:
    stopped = """try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)
    finally:
        raise RuntimeError("Query interrupted")
    yield"""
    head = "import os\nimport signal\nimport time\n"
    desk.write("loaders/mine.py", head + _LOADER.replace("for file", f"{stopped}\n    for file"))
    desk.write("rows.txt", "")

    code, out, err = run_alone(desk, "load", "mine", "--from", desk.root / "rows.txt")

    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "mine: added 0 rows in 0 loads"


def test_who_has_seen_enough_ends_it_silently(desk: SmallDesk) -> None:
    process = start(desk.root, "sql", "select n from range(10_000_000) as t(n)", "--format", "csv")
    assert process.stdout is not None
    assert process.stderr is not None

    first = process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()

    assert (process.wait(30), first, err) == (0, '"n"\n', "")


def test_a_project_is_named_by_the_environment_or_told(tmp_path: Path) -> None:
    ended = run(tmp_path, "views")

    assert ended.code == 1
    assert ended.err == (f"LEADLINE_PROJECT: '{tmp_path}' holds no leadline.toml; name a project\n")


def test_nothing_is_left_behind_in_the_temporary_folder(
    desk: SmallDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()

    code, _, _ = run_alone(desk, "sql", "select count(*) from curated.followed")

    assert code == 0
    assert os.listdir(tmp_path / "tmp") == []


def test_hosts_of_one_source_share_the_pace_that_a_card_says(
    desk: SmallDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with answering(Site(Answer(), Answer())) as site:
        desk.write("loaders/paced.py", _PACED.format(port=site.server_port))
        code, _, said = run_alone(desk, "load", "paced")

    assert code == 0, said
    first, second = site.asked
    assert second.at_s - first.at_s > 0.4


_PACED = """
from leadline.feed import Feed

FEED = Feed(writes=("prints",), step=0, source="one", per_second=2)


def pull(span, http):
    for host in ("127.0.0.1", "localhost"):
        http.text(f"http://{{host}}:{port}")
    yield "prints", []
"""
_LOADER = """
from leadline.clock import BEGINNING
from leadline.feed import Extract, Feed

FEED = Feed(writes=("prints",))


def read(files):
    for file in files:
        yield "prints", Extract(file, [{"print_id": "a", "price": 1, "known_at": BEGINNING}])
"""


def run_alone(desk: SmallDesk, *words: str | Path) -> tuple[int, str, str]:
    """Run a command in a process of its own, since a process uses one project's loaders."""
    process = start(desk.root, *words)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err
