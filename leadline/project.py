"""The project: the folder whose sql/, loaders/ and models/ this run works with."""

import importlib
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from leadline.config import FILE
from leadline.errors import ConfigError, FeedError, nearest

PACKAGE = Path(__file__).parent
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
        raise ConfigError(f"{where}: '{said}' holds no {FILE} and sql/detectors; name a project")
    return place


def starter() -> Path:
    """Return the project that the engine brings: the checkout that it lies in, else a copy."""
    return PACKAGE.parent if _is_project(PACKAGE.parent) else STARTER


def feeds(place: Path) -> dict[str, Path]:
    """Return every feed's name and file; none of them is imported."""
    return {path.stem: path for path in sorted((place / "loaders").glob("[a-z]*.py"))}


def feed(place: Path, name: str) -> ModuleType:
    """Import one feed from the project's loaders."""
    known = feeds(place)
    if name not in known:
        raise FeedError(f"{name}: no such feed{nearest(name, known)}; leadline feeds lists them")
    return _module(place, f"loaders.{name}")


def models(place: Path) -> dict[str, Path]:
    """Return every model's name and file; none of them is imported."""
    return {path.stem: path for path in sorted((place / "models").glob("[a-z]*.py"))}


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
    return importlib.import_module(name)


def _is_project(place: Path) -> bool:
    return (place / FILE).is_file() and (place / "sql" / "detectors").is_dir()
