"""What was said is kept as it came, in files of an hour; a kill tears nothing that was written."""

from datetime import UTC, datetime, timedelta
from gzip import decompress
from pathlib import Path

from leadline.record import Record

AT = datetime(2024, 3, 1, 15, 59, 59, 250_001, UTC)


def test_each_hour_has_a_file_that_says_how_many_lines_went_before(tmp_path: Path) -> None:
    record = Record(tmp_path / "kept", "a_feed.run.000")
    record.heard(AT, '{"a":\n1}')
    record.answered(AT, "https://a.b/c?d=e", '{"f": 2}')
    record.lost(AT + timedelta(seconds=1), "wss://a.b", "silence")
    record.heard(AT + timedelta(seconds=2), "[3]")
    record.flush()

    kept = {
        path.name: decompress(path.read_bytes()).decode() for path in (tmp_path / "kept").iterdir()
    }
    assert kept == {
        "a_feed.run.000.2024030115.gz": (
            'configuration: {"lines_before": 0}\n'
            '1709308799.250001: {"a": 1}\n'
            'https://a.b/c?d=e -> 1709308799.250001: {"f": 2}\n'
        ),
        "a_feed.run.000.2024030116.gz": (
            'configuration: {"lines_before": 2}\n'
            "wss://a.b <!> 1709308800.250001: silence\n"
            "1709308801.250001: [3]\n"
        ),
    }


def test_what_is_a_second_old_is_written(tmp_path: Path) -> None:
    record = Record(tmp_path, "a")
    for nth in range(4):
        record.heard(AT + timedelta(milliseconds=200 * nth), str(nth))
    (path,) = tmp_path.iterdir()
    early = decompress(path.read_bytes())
    record.heard(AT + timedelta(milliseconds=740), "late")

    assert early.endswith(b": 0\n")
    record.flush()
    assert decompress(path.read_bytes()).endswith(b": late\n")
