"""What lies in a store: the entries of its logs."""

import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from leadline.store import Store
from leadline.warehouse import Warehouse
from tests.doors import one_core
from tests.fuzz.parser import Inputs, Parser
from tests.fuzz.texts import SPAN, desk


def parsers() -> list[Parser]:
    """Return the readers of a store's own files."""
    place = desk().root / "store"
    logs = {f"{name}/{path.name}": path.read_bytes() for name, path in _logs(place)}
    return [Parser("store.log", tuple({name: text} for name, text in logs.items()), _store)]


def _logs(place: Path) -> list[tuple[str, Path]]:
    return [
        (name, path)
        for name in ("loads", "prints")
        for path in sorted((place / name / "_delta_log").glob("*.json"))
    ]


def _store(given: Inputs) -> None:
    """Open a copy of a store, one line of whose log says something else, and ask it."""
    with tempfile.TemporaryDirectory(prefix="leadline-fuzz-") as folder:
        place = Path(folder) / "store"
        shutil.copytree(desk().root / "store", place, copy_function=shutil.copyfile)
        for name, content in given.items():
            dataset, _, file = name.partition("/")
            (place / dataset / "_delta_log" / file).write_bytes(content)
        catalog = desk().catalog()
        with (
            closing(Store(str(place), catalog.contracts, one_core())) as store,
            closing(Warehouse(catalog, store, one_core())) as house,
        ):
            house.ask("curated.followed", *SPAN).to_arrow_table()
