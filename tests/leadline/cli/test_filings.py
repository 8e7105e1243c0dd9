"""Filings come back as EDGAR sent them, for a reader or for a loader."""

from pathlib import Path

import pytest

from tests import forms
from tests.desks import run
from tests.doors import ROOT
from tests.submissions import NUMBER, ONE, submission, written

OTHER = "0009999999-23-000001"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load two 13F and a form 4."""
    place = tmp_path_factory.mktemp("filed")
    filed = place / "files"
    filed.mkdir()
    written(
        filed, submission(NUMBER, ONE, manager="Ligne Française", accepted=None), encoding="latin-1"
    )
    written(filed, submission(OTHER, ONE), f"{OTHER}.txt")
    insider = written(filed, forms.submission(forms.document()), f"{forms.NUMBER}.txt")
    for feed, *paths in (
        ("sec_13f", filed / f"{NUMBER}.txt", filed / f"{OTHER}.txt"), ("sec_ownership", insider)
    ):  # fmt: skip
        ended = run(ROOT, "--store", place / "store", "load", feed, "--from", *paths)
        assert ended.code == 0, ended.err
    return place / "store"


def test_one_goes_to_stdout(store: Path) -> None:
    ended = run(ROOT, "--store", store, "filings", OTHER)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (store.parent / "files" / f"{OTHER}.txt").read_text()


def test_a_folder_has_the_bytes_that_a_loader_reads_again(store: Path, tmp_path: Path) -> None:
    ended = run(ROOT, "--store", store, "filings", "--into", tmp_path)
    again = run(ROOT, "--store", store, "load", "sec_13f", "--from", tmp_path / "sec_13f")

    assert (ended.code, ended.err) == (0, f"3 files of 3 filings in {tmp_path}\n")
    found = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.txt")}
    assert found == {
        Path(feed, f"{number}.txt"): (store.parent / "files" / f"{number}.txt").read_bytes()
        for feed, number in (
            ("sec_13f", NUMBER), ("sec_13f", OTHER), ("sec_ownership", forms.NUMBER)
        )
    }  # fmt: skip
    assert "added 0 rows in 0 loads" in again.err


def test_a_span_has_what_was_accepted_in_it(store: Path, tmp_path: Path) -> None:
    run(ROOT, "--store", store, "filings", "--until", "2023-11-15T05:00Z", "--into", tmp_path)

    assert {path.stem for path in tmp_path.rglob("*.txt")} == {OTHER, forms.NUMBER}


def test_what_is_not_here_is_told(store: Path, tmp_path: Path) -> None:
    absent = run(ROOT, "--store", store, "filings", "1", OTHER, "2", "--into", tmp_path)
    none = run(ROOT, "--store", store, "filings")

    assert (absent.code, absent.err) == (
        1,
        "filings: no text of 1 is here, nor of 1 more; "
        "leadline load sec_13f or sec_ownership brings it\n",
    )
    assert [*tmp_path.iterdir()] == []
    assert none.code == 2
    assert "name one filing, or a folder with --into" in none.err
