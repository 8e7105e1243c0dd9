"""A folder to spill to: it goes with its owner, and with the next process if that was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leadline.spill import Spill

HOLD = """
import sys
from pathlib import Path
from leadline.spill import Spill
spill = Spill()
Path(spill.name, "a_lot").write_text("rows")
print(spill.name, flush=True)
sys.stdin.read()
"""


def held(tmp: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that holds a folder, as old as one that was there before the night."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(tmp)},
    )  # fmt: skip
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    os.utime(folder, (0, 0))
    return process, folder


def end(process: subprocess.Popen[str], how: signal.Signals | None = None) -> int:
    """End it, by a signal or by its own doing; return its code."""
    if how is not None:
        process.send_signal(how)
    process.communicate(timeout=20)
    return process.returncode


def test_it_goes_with_cleanup_and_twice_is_no_error() -> None:
    spill = Spill()
    Path(spill.name, "rows").touch()

    spill.cleanup()
    spill.cleanup()

    assert not Path(spill.name).exists()


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path) -> None:
    killed, left = held(tmp_path)
    living, used = held(tmp_path)
    assert end(killed, signal.SIGKILL) == -signal.SIGKILL
    there = left.exists()

    after, _ = held(tmp_path)

    assert (there, left.exists(), used.exists()) == (True, False, True)
    assert (end(living), end(after)) == (0, 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["leadline-spill-new", "leadline-desk-old", "spill"])
def test_a_folder_just_made_and_what_others_made_stay(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    if not name.endswith("new"):
        os.utime(tmp_path / name, (0, 0))

    process, _ = held(tmp_path)

    assert end(process) == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]
