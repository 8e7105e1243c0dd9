"""The first version of a log says what Delta says of the same columns, with an id of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable, Schema

from leadline import first
from leadline.contract import Contract
from tests.stores import contracts


def said(log: Path) -> dict[str, dict[str, Any]]:
    (path,) = log.iterdir()
    found: dict[str, dict[str, Any]] = {}
    for line in path.read_text().splitlines():
        found |= json.loads(line)
    return found


def wrote(log: Path, contract: Contract) -> None:
    log.mkdir(parents=True)
    text = first.text(contract.arrow, contract.partition)
    (log / f"{0:020}.json").write_text(text)


@pytest.mark.parametrize("dataset", ["short_volume", "rejected"], ids=["months", "no folders"])
def test_it_says_what_delta_says(tmp_path: Path, dataset: str) -> None:
    contract = contracts()[dataset]
    wrote(tmp_path / "ours" / "_delta_log", contract)
    theirs = DeltaTable.create(
        str(tmp_path / "theirs"),
        Schema.from_arrow(contract.arrow),
        partition_by=[contract.partition] if contract.partition else None,
        configuration=first.CONFIGURATION,
    )

    ours = DeltaTable(str(tmp_path / "ours"))

    assert (ours.version(), ours.file_uris()) == (0, [])
    assert ours.schema() == theirs.schema()
    assert ours.protocol() == theirs.protocol()
    assert ours.metadata().partition_columns == theirs.metadata().partition_columns
    assert ours.metadata().configuration == first.CONFIGURATION
    assert ours.history()[0]["operation"] == "CREATE TABLE"


def test_each_has_an_id_of_its_own(tmp_path: Path) -> None:
    contract = contracts()["rejected"]
    for name in ("a", "b"):
        wrote(tmp_path / name, contract)

    a, b = (said(tmp_path / name) for name in ("a", "b"))

    assert a["metaData"].pop("id") != b["metaData"].pop("id")
    assert a["metaData"].pop("createdTime") == a["commitInfo"]["timestamp"]
    assert b["metaData"].pop("createdTime") == b["commitInfo"]["timestamp"]
    assert a["metaData"] == b["metaData"]
