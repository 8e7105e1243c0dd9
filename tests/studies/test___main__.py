import sys

import pytest

from studies.__main__ import STUDIES, main


def test_an_unknown_study_is_refused_with_those_that_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["studies", "donut"])

    with pytest.raises(SystemExit, match="2"):
        main()

    assert capsys.readouterr().err == f"'donut' is no study; there are {', '.join(STUDIES)}\n"


def test_what_is_wrong_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["studies", "donoho", "--insiders", "many"])

    with pytest.raises(SystemExit, match="1"):
        main()

    assert "--insiders: 'many' is no share; say 0.1 for one of ten" in capsys.readouterr().err
