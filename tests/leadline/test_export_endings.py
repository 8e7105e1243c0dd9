"""What is left where writing breaks off, and how much memory it takes."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadline.errors import QueryError
from leadline.export import FORMATS, write
from tests.exports import FullDisk, ask, numbers, text_of


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("csv", '"n"\n1\n2\n# cut after 2 rows: out of luck\n'),
        ("json", '[\n{"n":1},\n{"n":2},\n{"leadline_cut": "after 2 rows: out of luck"}\n]\n'),
        ("jsonl", '{"n":1}\n{"n":2}\n{"leadline_cut": "after 2 rows: out of luck"}\n'),
        ("table", "n\n─\n1\n2\n# cut after 2 rows: out of luck\n"),
    ],
)
@pytest.mark.parametrize("kind", [duckdb.Error, OSError])
def test_a_stream_that_is_cut_says_so(form: str, body: str, kind: type[Exception]) -> None:
    stream = io.BytesIO()

    with pytest.raises(QueryError) as caught:
        write(numbers(2, kind("out of luck\nline 2")), form, None, stream)

    assert stream.getvalue().decode() == body
    assert str(caught.value) == "answer: cut after 2 rows: out of luck"
    assert isinstance(caught.value.__cause__, kind)


def test_a_stream_cut_before_its_first_row_says_so() -> None:
    stream = io.BytesIO()

    with pytest.raises(QueryError, match="answer: cut after 0 rows: Error"):
        write(numbers(0, duckdb.Error()), "json", None, stream)

    assert json.loads(stream.getvalue()) == [{"leadline_cut": "after 0 rows: Error"}]


def test_an_error_of_duckdb_midway_is_told() -> None:
    rows = ask("""
        select case when i = 5_000 then error('late') else i end as i
        from range(10_000) as numbers (i)
    """)

    with pytest.raises(QueryError, match=r"answer: cut after [\d,]+ rows?: .*late"):
        text_of(rows, "csv")


@pytest.mark.parametrize("form", ["parquet", "arrow", "xlsx"])
def test_a_cut_body_without_words_is_refused_by_its_readers(form: str) -> None:
    stream = io.BytesIO()
    readers: dict[str, Callable[[], Any]] = {
        "parquet": lambda: pq.read_table(io.BytesIO(stream.getvalue())),
        "arrow": lambda: pa.ipc.open_stream(stream.getvalue()).read_all(),
        "xlsx": lambda: openpyxl.load_workbook(io.BytesIO(stream.getvalue())),
    }

    with pytest.raises(QueryError, match="answer: cut after 3 rows: out of luck"):
        write(numbers(3, duckdb.Error("out of luck")), form, None, stream)

    with pytest.raises(Exception, match=r"Parquet|metadata bytes|zip"):
        readers[form]()


def test_an_interrupt_is_marked_and_goes_on() -> None:
    stream = io.BytesIO()

    with pytest.raises(KeyboardInterrupt):
        write(numbers(2, KeyboardInterrupt()), "csv", None, stream)

    assert stream.getvalue().decode().endswith("\n2\n# cut after 2 rows: interrupted\n")


@pytest.mark.parametrize("form", FORMATS)
def test_a_broken_pipe_goes_on(form: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    with os.fdopen(writing, "wb", buffering=0) as stream, pytest.raises(BrokenPipeError):
        write(numbers(10), form, None, stream)


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_behind_the_stream_is_told(form: str) -> None:
    with (
        open("/dev/full", "wb", buffering=0) as stream,
        pytest.raises(QueryError, match=r"answer: cut after \d+ rows: no space left on the device"),
    ):
        write(numbers(10), form, None, stream)


def test_a_device_is_written_as_a_stream() -> None:
    with pytest.raises(QueryError, match="/dev/full: cut after 0 rows: no space left on the devi"):
        write(numbers(10), "csv", Path("/dev/full"), io.BytesIO())

    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("error", [duckdb.Error("out of luck"), KeyboardInterrupt()])
def test_a_file_that_is_not_whole_leaves_the_older_one(
    form: str, error: BaseException, tmp_path: Path
) -> None:
    path = tmp_path / "out"
    path.write_text("older")

    with pytest.raises((QueryError, KeyboardInterrupt)) as caught:
        write(numbers(2, error), form, path, io.BytesIO())

    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]
    sentence = f"{path}: cut after 2 rows: out of luck; nothing was written"
    assert str(caught.value) in (sentence, "")


def test_a_full_disk_under_the_file_is_told(tmp_path: Path) -> None:
    path = FullDisk(tmp_path / "out.csv")

    with pytest.raises(QueryError) as caught:
        write(numbers(2_345), "csv", path, io.BytesIO())

    assert str(caught.value) == (
        f"{path}: no space left on the device after 36 rows; "
        "nothing was written, free some space or choose another path with -o"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_limit_of_the_system_leaves_the_older_file(tmp_path: Path) -> None:
    (tmp_path / "out.parquet").write_text("older")
    script = """
        import resource, sys, duckdb
        from pathlib import Path
        from leadline.export import write
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        rows = duckdb.sql("select random() from range(1_000_000)").to_arrow_reader(10_000)
        write(rows, "parquet", Path(sys.argv[1]), sys.stdout.buffer)
    """

    done = run(script, str(tmp_path / "out.parquet"))

    assert "file too large" in done.stderr.splitlines()[-1]
    assert (tmp_path / "out.parquet").read_text() == "older"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "out.csv"

    with pytest.raises(QueryError) as caught:
        write(numbers(1), "csv", path, io.BytesIO())

    assert str(caught.value) == (
        f"{path}: no folder '{path.parent}'; make it or choose another path with -o"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_locked_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(QueryError) as caught:
        write(numbers(1), "csv", tmp_path / "out.csv", io.BytesIO())

    assert "permission denied; nothing was written" in str(caught.value)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(QueryError) as caught:
        write(numbers(1), "csv", tmp_path, io.BytesIO())

    assert str(caught.value) == (
        f"{tmp_path}: is a directory; nothing was written, choose another path with -o"
    )


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")

    write(numbers(1), "csv", tmp_path / "link", io.BytesIO())

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == '"n"\n1\n'


def test_the_stream_stays_open() -> None:
    stream = io.BytesIO()

    for form in FORMATS:
        write(numbers(1), form, None, stream)

    assert not stream.closed


@pytest.mark.parametrize("form", [pytest.param("csv", marks=pytest.mark.soak), "parquet"])
def test_millions_of_rows_take_little_memory(form: str, tmp_path: Path) -> None:
    script = """
        import sys, duckdb
        from pathlib import Path
        from leadline.export import write
        def memory(what):  # kB, of this program alone: getrusage starts at its parent's
            lines = Path("/proc/self/status").read_text().splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith(what))
        base = memory("VmRSS:")
        duckdb.sql("set enable_progress_bar = false")  # it is drawn on stdout
        rows = duckdb.sql('''
            select i, (i % 1_000)::decimal(18, 8) as price, 'name ' || i % 1_000 as name,
                timestamptz '2024-03-01 15:00Z' + to_microseconds(i) as at, i * 0.5::double as half
            from range(4_000_000) as numbers (i)
        ''').to_arrow_reader(100_000)
        n_rows = write(rows, sys.argv[1], Path(sys.argv[2]), sys.stdout.buffer)
        print(n_rows, (memory("VmHWM:") - base) // 1_024)
    """

    done = run(script, form, str(tmp_path / "out"))

    n_rows, peak_mb = map(int, done.stdout.split())
    assert n_rows == 4_000_000
    assert peak_mb < 400


def run(script: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a Python of its own, with the project on its path."""
    lines = "\n".join(line.removeprefix(" " * 8) for line in script.splitlines())
    command = [sys.executable, "-W", "error", "-c", lines, *args]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
