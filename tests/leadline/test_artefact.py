"""What a model was fitted to is read only where it can be trusted."""

from pathlib import Path

import numpy as np
import pytest

from leadline.artefact import Artefacts
from leadline.errors import StoreError

ID = "0123abcd"
RAN: list[str] = []


class Loud:
    """What says that it was read."""

    def __setstate__(self, state: object) -> None:
        RAN.append("read")

    def __getstate__(self) -> object:
        return {"loud": True}


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def kept(tmp_path: Path, said: list[str]) -> Artefacts:
    return Artefacts(tmp_path / "_models" / "m", said.append)


def test_what_was_kept_comes_back_and_what_was_not_is_nothing_to_tell(
    kept: Artefacts, said: list[str]
) -> None:
    nothing = kept.read(ID)
    kept.write(ID, {"middle": np.arange(3.0)})

    found = kept.read(ID)

    assert (nothing, said) == (None, [])
    assert found["middle"].tolist() == [0, 1, 2]
    assert [path.name for path in kept.place.iterdir()] == [ID]
    assert (kept.place / ID).stat().st_mode & 0o777 == 0o600


def test_what_is_broken_foreign_or_open_to_others_is_told_and_not_run(
    kept: Artefacts, said: list[str]
) -> None:
    kept.write(ID, Loud())
    path = kept.place / ID
    whole = path.read_bytes()
    for text in (whole[:-1], b"", b"\x80\x05" + whole, whole.replace(ID.encode(), b"ffffffff")):
        path.write_bytes(text)
        assert kept.read(ID) is None
    path.write_bytes(whole)
    path.chmod(0o666)
    assert kept.read(ID) is None
    path.unlink()
    path.mkdir()
    assert kept.read(ID) is None

    assert RAN == []
    assert [line.removeprefix(f"{path}: ") for line in said] == [
        *["it is broken, or of another fit; it is fitted anew"] * 4,
        "others may write to it, and to read it runs what it says; it is fitted anew",
        "Is a directory; it is fitted anew",
    ]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("a file")

    with pytest.raises(StoreError, match="run this again when there is room"):
        Artefacts(tmp_path / "m", print).write(ID, 1)
