"""No file holds what looks like a secret, but for those that tests make up."""

import json
import subprocess
from pathlib import Path

import pytest

from leadline.masked import _KNOWN
from tests.desks import run, small_desk

ROOT = Path(__file__).parent.parent
BASELINE = ROOT / ".secrets.baseline"
# Names of a variable and of a guest, which the scan takes for what they name.
NAMES = {"leadline/serving.py", "panel_app/entrance.py"}
# The secrets of tests are made up.
# So are those of docs; and one file says what secrets look like.
_MADE_UP = ("tests/", "docs/", "README.md", "CHANGELOG.md", "leadline/masked.py")


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("this is no checkout, so nobody knows what belongs to it")
    return done.stdout.splitlines()


def test_no_file_holds_a_token_a_key_or_a_webhook() -> None:
    odd = []
    for name in tracked():
        if not name.startswith(_MADE_UP) and not name.endswith((".example", ".png", ".parquet")):
            text = (ROOT / name).read_text(errors="replace")
            odd += [f"{name}: {found[0][:12]}" for found in _KNOWN.finditer(text)]

    assert odd == []


def test_what_the_scan_lets_pass_is_in_tests_or_a_name() -> None:
    files = set(json.loads(BASELINE.read_text())["results"])

    assert {name for name in files if not name.startswith("tests/")} <= NAMES
    assert {name for name in files if not (ROOT / name).exists()} == set()


PLANTED = {
    "LEADLINE_PASSWORD": "planted-horse-battery",
    "LEADLINE_TOKENS": "desk=" + "planted-token-" * 3,
    "LEADLINE_MASSIVE_KEY_ID": "AKIA" + "PLANTED4EXAMPLE7",
    "LEADLINE_MASSIVE_SECRET": "planted+secret/of+a+bucket",
    "LEADLINE_DESK_URL": "https://hooks.slack.com/services/" + "T0/B0/planted",
}
SECRETS = [*(value.removeprefix("desk=") for value in PLANTED.values()), "planted+key"]


def test_no_command_shows_a_secret_that_is_in_force(tmp_path: Path) -> None:
    desk = small_desk(tmp_path)
    desk.sessions()
    desk.write(
        "leadline.toml",
        '[channels.desk]\nkind = "slack"\n[serve]\ntokens = "tokens"\n'
        '[tracking]\nmlflow = "https://me:planted+key@ml.example.com"\n',
    )
    desk.write("tokens", "")
    (tmp_path / "tokens").chmod(0o600)
    bind = f"a={SECRETS[0]}"
    commands: tuple[list[str | Path], ...] = (
        ["config"], ["doctor"], ["token", "list"], ["channels", "list"], ["check"],
        ["sql", f"select '{SECRETS[1]}' from nothing"], ["sql", "select $a as b", "--bind", bind],
        ["load", "massive", "--from", tmp_path], ["serve", "--host", "nowhere.invalid"],
    )  # fmt: skip

    ended = [run(tmp_path, *words, env=PLANTED) for words in commands]

    own = next((tmp_path / "store" / "_acts").glob("*.jsonl")).read_text()
    told = {
        " ".join(map(str, words)): [each for each in SECRETS if each in end.out + end.err]
        for words, end in zip(commands, ended, strict=True)
        if words[0] != "sql"  # which answers what it is asked
    }
    assert {words: found for words, found in told.items() if found} == {}
    assert [each for each in SECRETS if each in own] == []
    assert own.count("…") >= 4


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_the_scan_finds_nothing_new_in_the_tree() -> None:
    done = subprocess.run(["make", "secrets"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_no_commit_ever_added_a_token_a_key_or_a_webhook() -> None:
    log = subprocess.Popen(
        ["git", "log", "--all", "--no-color", "-p", "--unified=0", "--format=commit %h"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, errors="replace",
    )  # fmt: skip
    assert log.stdout is not None
    odd, file = [], ""
    for line in log.stdout:
        if line.startswith("+++ "):
            file = line[6:].rstrip()
        elif line.startswith("+") and not file.startswith(_MADE_UP):
            odd += [f"{file}: {found[0][:12]}" for found in _KNOWN.finditer(line)]
    log.wait()

    assert odd == []
