"""Every way of writing is broken off at seeded steps, and run again as a user would.

Then the project holds what it holds when nothing is broken off.
"""

import ast
import os
import random
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from leadline.verify import verify
from tests.desks import SmallDesk
from tests.doors import ROOT
from tests.soaks import SOAK, commit_of, write_figures
from tests.stores import load_files, load_sessions, opened
from tests.tracing import BUG, CAN_TRACE, KINDS, Fault, Traced, traced
from tests.write_paths import ELSEWHERE, LOADS, PATHS, WritePath, copy_of, laid, of_store

SEED = 20240301
POINTS = int(os.environ.get("LEADLINE_SOAK_POINTS", "1000"))
EACH = 3  # of the ways; the long run goes all of them, again and again
TWICE = 0.15  # of points at which the next run is broken off too
SHORT = [path for path in PATHS if not path.is_long]
pytestmark = pytest.mark.skipif(not CAN_TRACE, reason="steps are counted on Linux on x86-64 alone")


@dataclass(frozen=True)
class Undisturbed:
    """How a path is where nothing is broken off."""

    before: Path
    n_steps: int
    told: Any


@cache
def undisturbed(name: str) -> Undisturbed:
    path = next(path for path in PATHS if path.name == name)
    before = laid(name)
    root = copy_of(before, before.with_name(f"{before.name}-whole"))
    run = broken(path, root, None)
    assert run.code == 0, run.said
    assert run.steps, f"{name}: it writes nothing under {path.folder}"
    return Undisturbed(before, len(run.steps), path.told(root))


def broken(path: WritePath, root: Path, fault: Fault | None) -> Traced:
    """Act in a process of its own, broken at a step."""
    return traced(partial(path.act, root), [root / path.folder], fault)


def disturbed(path: WritePath, seed: int, root: Path) -> list[Traced]:
    """Break a path off where its seed says, run it again, and hold it against the undisturbed."""
    calm, chance = undisturbed(path.name), random.Random(f"{path.name} {seed}")
    copy_of(calm.before, root)
    runs = []
    for _ in range(1 + (chance.random() < TWICE)):
        fault = Fault(chance.choice(KINDS), chance.randint(1, calm.n_steps))
        runs.append(broken(path, root, fault))
        assert runs[-1].code != BUG, f"{path.name}, seed {seed}, {fault}:\n{runs[-1].said}"
    path.act(root)
    assert path.told(root) == calm.told, f"{path.name}, seed {seed}, {fault}: {runs[-1].steps[-1]}"
    return runs


def errors(root: Path) -> list[str]:
    """Return what the second reader finds wrong with the store that an act has written to."""
    is_desk = (root / "leadline.toml").exists()
    with SmallDesk(root).store() if is_desk else opened(root / "store") as store:
        return [f"{each.path}: {each.what}" for each in verify(store) if each.is_error]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.name, marks=[] if n % EACH == 0 else pytest.mark.soak)
        for n, path in enumerate(SHORT)
    ],
)
def test_what_is_broken_off_and_run_again_ends_as_if_nothing_had_happened(
    path: WritePath, tmp_path: Path
) -> None:
    seed = SEED + SHORT.index(path)

    disturbed(path, seed, tmp_path / "desk")

    assert undisturbed(path.name).n_steps >= 2


def load_real(folder: Path, root: Path) -> None:
    with opened(root / "store") as store:
        for name in ("FORF", "FNRA"):
            load_files(store, "finra_short_volume", folder / name)


@pytest.mark.real
def test_a_load_of_real_files_may_be_broken_off(real: Path, tmp_path: Path) -> None:
    act = partial(load_real, real / "finra_regsho_daily")
    path = WritePath("real files", (), lambda root: None, act, of_store, "store")
    for name in ("calm", "broken"):
        with opened(tmp_path / name / "store") as store:
            load_sessions(store, date(2019, 4, 1), date(2021, 12, 31))
    calm = broken(path, tmp_path / "calm", None)
    fault = Fault("kill", random.Random(SEED).randint(1, len(calm.steps)))

    run = broken(path, tmp_path / "broken", fault)
    act(tmp_path / "broken")

    assert run.was_killed
    assert of_store(tmp_path / "broken") == of_store(tmp_path / "calm")


@pytest.mark.soak
@pytest.mark.timeout(0)  # each run has a deadline of its own
def test_no_crash_in_a_thousand_changes_what_comes_of_it(tmp_path: Path) -> None:
    commit = commit_of(ROOT)
    SOAK.mkdir(exist_ok=True)
    memory = SOAK / f"crashes-{commit[:12]}.txt"
    done = [line.split("\t") for line in memory.read_text().splitlines()] if memory.exists() else []
    known = {int(line[0]) for line in done}

    for seed in range(SEED, SEED + POINTS):
        if seed in known:
            continue
        path, started = PATHS[seed % len(PATHS)], time.process_time()
        root = tmp_path / "desk"
        runs = disturbed(path, seed, root)
        if path.folder == "store":
            assert errors(root) == [], f"{path.name}, seed {seed}"
        shutil.rmtree(root)
        ends = ["killed" if run.was_killed else "told" if run.code else "went on" for run in runs]
        took = f"{time.process_time() - started:.2f}"
        done.append([str(seed), path.name, ",".join(ends), took])
        with memory.open("a") as file:
            file.write("\t".join(done[-1]) + "\n")
    counts = Counter(end for line in done for end in line[2].split(","))
    paths = Counter(line[1] for line in done)
    write_figures(
        "Crash points",
        f"| {len(done):,} points over {len(paths)} ways of writing, {counts.total():,} faults: "
        f"{counts['killed']:,} ended by SIGKILL, {counts['told']:,} by a sentence, "
        f"{counts['went on']:,} went on | {SEED} to {SEED + POINTS - 1} | `{commit[:12]}` "
        "| what came of each equals the undisturbed run; no error in any store |",
    )


# What makes, moves, fills or deletes files, and what commits to the store.
CALLS = {
    "write_text", "write_bytes", "write_parquet", "write_table", "rename", "touch", "unlink",
    "rmtree", "copytree", "copyfile", "vacuum", "mkdir",
}  # fmt: skip


def kinds(path: Path) -> set[str]:
    """Say whether a module writes files, commits loads, or both."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr == "load":
            if ast.unparse(node.value).endswith("store"):
                found.add("loads")
        elif isinstance(node, ast.Call) and _is_of_files(node):
            found.add("files")
    return found


def _is_of_files(node: ast.Call) -> bool:
    called = ast.unparse(node.func)
    last = called.rpartition(".")[2]
    given = [ast.unparse(each) for each in node.args]
    if last == "replace":  # of a path; that of a text takes two, of a record names
        return called == "os.replace" or (len(given) == 1 and not node.keywords and "." in called)
    opens = last == "open" and any(each[:2] in ("'w", "'a", "'x") for each in given)
    return last in CALLS or opens or called in ("whole.write", "shutil.copy")


def test_every_module_that_writes_is_on_the_list_of_what_is_broken_off() -> None:
    folders = ("leadline", "live", "loaders", "models", "panel_app")
    found = {
        str(path.relative_to(ROOT).with_suffix("")).replace("/", "."): said
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if (said := kinds(path))
    }

    covered = {
        name if name.startswith("live.") else f"leadline.{name}"
        for path in PATHS
        for name in path.covers
    }
    listed = covered | ELSEWHERE.keys() | LOADS

    assert sorted(found.keys() - listed) == []
    assert sorted(listed - found.keys()) == []
    assert sorted(name for name in LOADS if "files" in found[name]) == []
    assert [where for where in ELSEWHERE.values() if not (ROOT / where).exists()] == []
