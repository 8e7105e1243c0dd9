"""Every parser is fuzzed for minutes; a run goes on where the one before it stopped."""

import json
import os
from typing import Any

import pytest

from tests.doors import ROOT
from tests.fuzz.pages import write
from tests.fuzz.runs import CORPUS, parsers, stretch
from tests.soaks import SOAK, commit_of

SECONDS = float(os.environ.get("LEADLINE_FUZZ_S", "600"))  # of the processor, per parser in all
STRIDE_S = 5.0  # after each of which it is written down how far it came


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", parsers())
def test_each_parser_for_minutes(name: str) -> None:
    place = SOAK / "fuzz" / f"{name}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh: dict[str, Any] = {
        "runs": 0,
        "seconds": 0.0,
        "read": 0,
        "refused": 0,
        "findings": 0,
        "peak": 0,
    }
    told = json.loads(place.read_text()) if place.exists() else fresh
    while told["seconds"] < SECONDS:
        done = stretch(
            parsers()[name], told["runs"], seconds=min(STRIDE_S, SECONDS - told["seconds"])
        )
        for seed, own, content in done.found.values():
            kept = CORPUS / name / own.replace("/", "__") / f"seed-{seed}"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content)
        told["runs"] += done.n_runs
        told["seconds"] += done.seconds
        told["read"] += done.n_read
        told["refused"] += done.n_refused
        told["findings"] += len(done.found)
        told["peak"] = max(told["peak"], done.peak)
        told["commit"] = commit_of(ROOT)[:12]
        place.write_text(json.dumps(told))
    write()

    assert told["findings"] == 0
