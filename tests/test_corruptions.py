"""Each of fifty ways to be wrong is found in a store, and nothing in a sound one."""

import random
import shutil
from pathlib import Path

import pytest

from leadline.finding import Finding
from leadline.verify import verify
from tests.corruptions import ALL, Corruption, lay
from tests.desks import SmallDesk

SEED = 20240301
EACH = 6  # of the others only the long run looks at all


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corruptions") / "desk"
    lay(root)
    return root


def findings(root: Path) -> list[Finding]:
    """Verify as somebody who has just come."""
    with SmallDesk(root).store() as store:
        return list(verify(store))


def test_a_store_with_corrections_compacted_files_and_kept_partials_is_sound(sound: Path) -> None:
    assert findings(sound) == []


@pytest.mark.parametrize(
    "corruption",
    [
        pytest.param(each, id=each.name, marks=[] if n % EACH == 0 else pytest.mark.soak)
        for n, each in enumerate(ALL)
    ],
)
def test_what_is_planted_is_found(corruption: Corruption, sound: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(sound, tmp_path / "desk"))
    corruption.plant(root / "store", random.Random(f"{SEED} {corruption.name}"))

    found = findings(root)

    assert found
    assert any(each.is_error for each in found) == corruption.is_error, found
