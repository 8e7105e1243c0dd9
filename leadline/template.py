"""Writes new content from the templates that the engine brings; what is there is never touched."""

import keyword
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leadline import whole
from leadline.config import FILE
from leadline.errors import ConfigError
from leadline.project import PACKAGE, found, not_starter, starter

TEMPLATES = PACKAGE / "templates"
ENDING = ".in"  # so that no tool takes a template for the file that it makes
CONTENT = (FILE, "sql", "queries", "loaders", "models", "panel_app/pages")
_GAP = re.compile(r"\{\{(\w+)\}\}")
_LEFT = shutil.ignore_patterns("__pycache__", ".*")


@dataclass(frozen=True)
class Kind:
    """What can be made: what a good name is, in signs and in words, and its parts' names."""

    form: re.Pattern[str]
    says: str


_DETECTOR = Kind(
    re.compile(r"(?P<family>[a-z][a-z0-9_]*)\.(?P<name>[a-z][a-z0-9_]*)(?<!_)"),
    "a good one is family.name in lower case, as options.sweep",
)
KINDS = {
    "detector": _DETECTOR,
    "draft": _DETECTOR,  # a detector around a query
    "loader": Kind(
        re.compile(r"(?P<name>[a-z][a-z0-9]*(_[a-z0-9]+)+)"),
        "a good one is source_what in lower case, as deribit_trades",
    ),
    "page": Kind(
        re.compile(r"(?P<name>[a-z][a-z0-9_]*)(?<!_)"),
        "a good one is one word in lower case, as flow",
    ),
}


def make(kind: str, name: str, root: Path, more: Mapping[str, str] | None = None) -> list[Path]:
    """Write the files of a new thing into a project; return them, the thing itself first.

    `more` fills further gaps. A bad name, and one that is taken, is a ConfigError, and nothing is
    written.
    """
    return write(filled(kind, name, root, more))


def write(made: Mapping[Path, str]) -> list[Path]:
    """Write the files of a new thing, each whole or not there; return them.

    The thing itself comes last, and only with it is a name taken: what a broken run left behind is
    written over by the next.
    """
    try:
        for path, text in reversed(list(made.items())):
            whole.write(path, text.encode())
    except OSError as error:
        raise ConfigError(
            f"{path}: {(error.strerror or str(error)).lower()}; make room or let this be written, "
            f"then run this again"
        ) from error
    return list(made)


def filled(
    kind: str, name: str, root: Path, more: Mapping[str, str] | None = None
) -> dict[Path, str]:
    """Return the texts that `make` would write, by their paths, the thing itself first."""
    values = {**(more or {}), **_parts_of(kind, name)}
    not_starter(str(root), root)
    if kind in ("detector", "draft"):
        _is_free(root, values["family"], values["name"])
    folder = TEMPLATES / kind
    made = {
        root / _filled(str(path.relative_to(folder)).removesuffix(ENDING), values): path
        for path in sorted(folder.rglob(f"*{ENDING}"))
    }
    first = sorted(made, key=lambda path: "tests" in path.relative_to(root).parts)
    texts = {path: _filled(made[path].read_text(), values) for path in first}
    for path, text in texts.items():
        # Beside a thing that is not there lies what a run left that broke off.
        if path.exists() and (path == first[0] or path.read_bytes() != text.encode()):
            raise ConfigError(f"{path}: it is there already; choose another name")
    return texts


def make_desk(place: Path) -> list[Path]:
    """Copy the content that the engine brings into a folder of its own, with room for its tests.

    The folder is whole or it is not there; one that holds anything is a ConfigError.
    """
    place = place.expanduser().absolute()
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise ConfigError(f"{place}: it is there already; name a new folder")
    source = starter()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".leadline-", dir=place.parent) as scratch:
            desk = Path(scratch, "desk")
            for name in CONTENT:
                _copy(source / name, desk / name)
            for folder in [path for path in sorted(desk.rglob("*")) if path.is_dir()]:
                (desk / "tests" / folder.relative_to(desk)).mkdir(parents=True, exist_ok=True)
            desk.replace(place)
    except OSError as error:
        raise ConfigError(f"{place}: {error.strerror or error}; name another folder") from error
    return [place / name for name in CONTENT if (place / name).exists()]


def _parts_of(kind: str, name: str) -> Mapping[str, str]:
    """Return the parts of a name; a bad name is a ConfigError that shows a good one."""
    fits = KINDS[kind].form.fullmatch(name)
    if fits is None:
        raise ConfigError(f"'{name}' is no name of a {kind}; {KINDS[kind].says}")
    for part in fits.groupdict().values():
        if keyword.iskeyword(part):
            raise ConfigError(f"'{part}' is a word of Python; {KINDS[kind].says}")
        if re.search(r"_v\d+$", part):
            raise ConfigError(f"'{name}' names a version; a new {kind} is version 1 by itself")
    return fits.groupdict()


def _is_free(root: Path, family: str, name: str) -> None:
    """Raise a ConfigError if a detector's name is taken, by any version or family."""
    view = f"{family}_{name}"  # what it is called in DuckDB, where options.a_b is options_a.b
    for path in found(root, "sql/detectors/*/*.v*.sql").values():
        if f"{path.parent.name}_{path.name.split('.')[0]}" == view:
            raise ConfigError(
                f"{path}: it is there already; choose another name, or copy it to the next version"
            )


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=_LEFT)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _GAP.sub(lambda gap: values[gap[1]], text)
