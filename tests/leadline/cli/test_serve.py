"""leadline serve says its address, answers at it, and ends at Ctrl-C without a word."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.desks import run, start
from tests.doors import ROOT


def test_it_says_where_and_answers_there_until_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    process = start(ROOT, "--store", tmp_path / "store", "serve", "--port", "0")
    assert process.stderr is not None
    said = process.stderr.readline()
    address = said.split()[0]
    answer = httpx.get(f"{address}/api/reports.store", timeout=20)
    for _ in range(2):  # the impatient do it twice
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)

    assert said == f"{address} shows the dashboard; Ctrl-C ends it\n"
    assert answer.json()[0]["n_loads"] == 0
    assert (process.returncode, out, err) == (130, "", "")
    assert list((tmp_path / "tmp").glob("leadline-*")) == []


def test_a_taken_port_is_one_sentence_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run(ROOT, "--store", tmp_path / "s", "serve", "--port", taken.getsockname()[1])

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("--port: ")
    assert ended.err.endswith("address already in use; choose another with --port\n")


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_wide_address_without_a_secret_is_one_sentence(tmp_path: Path, command: str) -> None:
    ended = run(ROOT, "--store", tmp_path / "s", command, "--host", "0.0.0.0")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "--host: 0.0.0.0 is open to others, and there is no token or password; "
        "run leadline token new NAME, or set LEADLINE_PASSWORD\n"
    )
    assert not (tmp_path / "s").exists()


def test_no_other_command_waits_for_the_dashboard() -> None:
    code = "import sys, leadline.cli; print([m for m in ('panel', 'bokeh') if m in sys.modules])"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (ended.stdout, ended.stderr) == ("[]\n", "")
