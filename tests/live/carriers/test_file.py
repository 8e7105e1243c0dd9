"""Notices in a file are lines of JSON, as a webhook posts them."""

import json
from pathlib import Path

import pytest

from leadline.errors import NoticeError
from live.carriers.file import carrier
from live.notice import Notice
from live.settings import Settings
from tests.acts import act
from tests.desks import at

NOTICE = Notice("notice_1", "desk", "AAPL swept", at("05 15:00"), ["a"], [act("fired")])


def test_each_notice_is_a_line_beside_the_settings(tmp_path: Path) -> None:
    found = carrier(Settings("desk", {"path": "notices.jsonl"}, tmp_path))

    found.carry(NOTICE)
    found.carry(NOTICE)

    lines = (tmp_path / "notices.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [NOTICE.payload()] * 2


def test_without_a_file_it_is_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    found = carrier(Settings("desk", {"path": "-"}, Path()))

    found.carry(NOTICE)

    assert json.loads(capsys.readouterr().out) == NOTICE.payload()
    assert found.whither() == "stdout"


def test_a_file_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    found = carrier(Settings("desk", {"path": "."}, tmp_path))

    with pytest.raises(NoticeError, match=f"desk: {tmp_path}: Is a directory"):
        found.carry(NOTICE)
