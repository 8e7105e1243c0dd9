"""The project: the folder whose sql/, loaders/ and models/ this run works with.

One that has sql/tables/loads.sql is whole. Any other lies over what the engine brings: a file of
its own stands in the place of the one at the same path, and adds to the others.
"""

import importlib
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from leadline.config import FILE
from leadline.errors import ConfigError, FeedError, nearest

PACKAGE = Path(__file__).parent
WHOLE = Path("sql", "tables", "loads.sql")  # without which there is no store
STARTER = PACKAGE / "starter"  # an installation's copy of the content


def root() -> Path:
    """Return $LEADLINE_PROJECT, else the nearest project above, else the checkout or starter."""
    if said := os.environ.get("LEADLINE_PROJECT"):
        return named("LEADLINE_PROJECT", said)
    here = Path.cwd()
    for place in (here, *here.parents, PACKAGE.parent, STARTER):
        if _is_project(place):
            return place
    raise ConfigError(f"{here}: no project here or above; set LEADLINE_PROJECT")


def named(where: str, said: str) -> Path:
    """Return the project of a folder that somebody names; a ConfigError says it is none."""
    place = Path(said).expanduser().absolute()
    if not _is_project(place):
        raise ConfigError(f"{where}: '{said}' holds no {FILE}; name a project")
    return place


def starter() -> Path:
    """Return the project that the engine brings: the checkout that it lies in, else a copy."""
    is_checkout = _is_project(PACKAGE.parent) and (PACKAGE.parent / WHOLE).is_file()
    return PACKAGE.parent if is_checkout else STARTER


def layers(place: Path) -> tuple[Path, ...]:
    """Return the folders of a project's content: its own, then what it lies over, if anything."""
    is_whole = (place / WHOLE).is_file() or not _is_project(place) or place == starter()
    return (place,) if is_whole else (place, starter())


def found(place: Path, pattern: str) -> dict[str, Path]:
    """Return a project's files by their paths in it; its own stand for those that it lies over."""
    files = {}
    for layer in reversed(layers(place)):
        for path in layer.glob(pattern):
            files[path.relative_to(layer).as_posix()] = path
    return dict(sorted(files.items()))


def said(place: Path, path: Path) -> str:
    """Return a file's path in its project, whichever folder of it holds the file."""
    for layer in layers(place):
        if path.is_relative_to(layer):
            return path.relative_to(layer).as_posix()
    return path.as_posix()


def begin(place: Path) -> Path:
    """Make a folder a project that lies over what the engine brings, if it is none; return it."""
    if not _is_project(place):
        shutil.copyfile(starter() / FILE, place / FILE)
    return place


def not_starter(where: str, place: Path) -> None:
    """Raise a ConfigError if a project is the installation's own, which is never written to."""
    if place == STARTER:
        raise ConfigError(
            f"{where}: an installation's own project is not to be changed; put a {FILE} where you "
            f"work, it may be empty, and start again"
        )


def feeds(place: Path) -> dict[str, Path]:
    """Return every feed's name and file; none of them is imported."""
    return {path.stem: path for path in found(place, "loaders/[a-z]*.py").values()}


def feed(place: Path, name: str) -> ModuleType:
    """Import one feed from the project's loaders."""
    known = feeds(place)
    if name not in known:
        raise FeedError(f"{name}: no such feed{nearest(name, known)}; leadline feeds lists them")
    return _module(place, f"loaders.{name}")


def models(place: Path) -> dict[str, Path]:
    """Return every model's name and file; none of them is imported."""
    return {path.stem: path for path in found(place, "models/[a-z]*.py").values()}


def model(place: Path, name: str) -> ModuleType:
    """Import one model from the project's models."""
    return _module(place, f"models.{name}")


def room(place: Path, name: str) -> ModuleType:
    """Import a module of the project; what it has not itself comes from the engine's own."""
    if str(starter()) not in sys.path:
        sys.path.append(str(starter()))
    return _module(place, name)


@cache
def _module(place: Path, name: str) -> ModuleType:
    # A project is first on the import path, and only one project is used in a process.
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))
    if len(layers(place)) > 1 and str(starter()) not in sys.path:
        sys.path.append(str(starter()))
    return importlib.import_module(name)


def _is_project(place: Path) -> bool:
    return (place / FILE).is_file()
