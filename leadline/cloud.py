"""A store in a bucket: files are made on this machine and published, and read through kept blocks.

What one machine keeps beside a store (locks, fits, notes) lies in its user's own folders, for a
bucket can't lock and a pickle that others may write is read by nobody.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from os import PathLike
from pathlib import Path, PurePosixPath
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp
from threading import Lock
from time import monotonic
from typing import Any
from uuid import uuid4
from weakref import finalize

import duckdb
from platformdirs import user_cache_path, user_data_path

from leadline.access import Access
from leadline.blocks import Blocks
from leadline.errors import StoreError
from leadline.home import Found
from leadline.service import Service, service

_BESIDE = 16  # requests at once; more is what a service calls too many
_LISTED_S = 60  # how long a listing is believed, of files that are only ever a shorter way


class Prefix:
    """What the folders of one store share: the way to their bucket, sizes, blocks and a desk."""

    def __init__(self, bucket: str, key: str, access: Access) -> None:
        self.service, self.key = service(bucket, access), key
        self.address = f"s3://{bucket}/{key}".rstrip("/")
        digest = sha256(f"{access.endpoint}\x1f{self.address}".encode()).hexdigest()[:16]
        self.blocks = Blocks(user_cache_path("leadline") / "blocks" / digest, access.cache)
        self.own = user_data_path("leadline") / "stores" / digest
        self._sizes: dict[str, int] = {}
        self._listed: dict[str, tuple[float, set[str]]] = {}
        self._folder: Path | None = None
        self._lock = Lock()

    @property
    def desk(self) -> Path:
        """The folder in which files are made, which goes with this process."""
        with self._lock:
            if self._folder is None:
                self._folder = Path(mkdtemp(prefix="leadline-desk-"))
                finalize(self, rmtree, self._folder, ignore_errors=True)
            return self._folder

    def note(self, sizes: dict[str, int]) -> None:
        """Hear the sizes of addresses."""
        self._sizes.update(sizes)

    def size(self, address: str) -> int:
        """Return how many bytes an address has."""
        if address not in self._sizes:
            found = self.service.size(self.key_of(address))
            if found is None:
                raise StoreError(f"{address}: it is not there; run leadline store verify")
            self._sizes[address] = found
        return self._sizes[address]

    def read(self, address: str, start: int, end: int) -> bytes:
        """Return bytes of an address, from this machine where they are kept."""
        key = self.key_of(address)

        def fetch(begin: int, stop: int) -> bytes:
            try:
                return self.service.get(key, begin, stop)
            except FileNotFoundError as error:
                raise StoreError(
                    f"{address}: it is not there; run leadline store verify"
                ) from error

        return self.blocks.read(address, self.size(address), start, end, fetch)

    def key_of(self, address: str) -> str:
        """Return the key of an address in the bucket."""
        return address.removeprefix(f"s3://{self.service.bucket}/")

    def listed(self, prefix: str) -> set[str]:
        """Return the keys under a prefix, as they were seen lately."""
        at, keys = self._listed.get(prefix, (0.0, set[str]()))
        if not at or monotonic() - at > _LISTED_S:
            found = list(self.service.list(prefix))
            self.note({f"s3://{self.service.bucket}/{each.name}": each.size for each in found})
            keys = {each.name for each in found}
            self._listed[prefix] = monotonic(), keys
        return keys

    def has_written(self, key: str) -> None:
        """Believe that a file is there which was just put."""
        for prefix, (_, keys) in self._listed.items():
            if key.startswith(prefix):
                keys.add(key)


class Cloud:
    """A folder, or a file, of a store in a bucket."""

    settles_s = 600.0

    def __init__(self, prefix: Prefix, key: str) -> None:
        self._at, self._key = prefix, key

    def __truediv__(self, name: str | PathLike[str]) -> "Cloud":
        return Cloud(self._at, f"{self._key}/{name}" if self._key else str(name))

    def __str__(self) -> str:
        return f"s3://{self._at.service.bucket}/{self._key}".rstrip("/")

    def __repr__(self) -> str:
        return f"Cloud({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cloud) and str(self) == str(other)

    def __lt__(self, other: "Cloud") -> bool:
        return str(self) < str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def service(self) -> Service:
        """The way to its bucket, which counts."""
        return self._at.service

    @property
    def name(self) -> str:
        """The last part of its key."""
        return PurePosixPath(self._key).name

    @property
    def parent(self) -> "Cloud":
        """The folder it lies in."""
        return Cloud(self._at, self._key.rpartition("/")[0])

    @property
    def own(self) -> Path:
        """A folder of this user for this store."""
        return self._at.own / Path(self._key).relative_to(self._at.key or ".")

    @property
    def options(self) -> dict[str, str]:
        """What Delta needs to come in."""
        return self.service.options

    def is_there(self) -> bool:
        """Say whether anything lies below it."""
        return any(True for _ in self.service.list(self._below(""), most=1))

    def has_file(self, name: str) -> bool:
        """Ask whether an object is there."""
        return self.service.size(self._below(name)) is not None

    def size(self, name: str) -> int | None:
        """Ask how many bytes an object has."""
        return self.service.size(self._below(name))

    def has_folder(self, name: str) -> bool:
        """Ask whether an object lies below a folder."""
        return (self / name).is_there()

    def found(self, ending: str = ".parquet") -> Iterator[Found]:
        """Yield every object below it whose name ends so."""
        begin = self._below("")
        for each in self.service.list(begin):
            if each.name.endswith(ending):
                yield Found(each.name.removeprefix(begin), each.size, each.modified_at)

    def listing(self, mark: object) -> tuple[object, list[str]] | None:
        """Mark the names in it by themselves; one listing of the store's folder serves all."""
        begin, store = self._below(""), f"{self._at.key}/" if self._at.key else ""
        top = begin.removeprefix(store).partition("/")[0]
        keys = (key for key in self._at.listed(f"{store}{top}/") if key.startswith(begin))
        names = sorted(key.removeprefix(begin) for key in keys)
        return None if names == mark else (names, names)

    @contextmanager
    def lent(self, name: str) -> Iterator[Path]:
        """Fetch all of a folder, and lend it."""
        begin = self._below(f"{name}/")
        with TemporaryDirectory(prefix="leadline-lent-") as folder:
            for each in self.service.list(begin):
                path = Path(folder, each.name.removeprefix(begin))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self.service.fetch(each.name))
            yield Path(folder)

    def move(self, name: str, to: str) -> None:
        """Put what lies there under the other name, and delete it then."""
        begin = self._below(name)
        for each in list(self.service.list(begin)):
            if each.name == begin or each.name.startswith(f"{begin}/"):
                target = self._below(to) + each.name.removeprefix(begin)
                self.service.put(target, self.service.fetch(each.name))
                self.service.delete(each.name)

    def desk(self) -> Path:
        """Return a folder of this process."""
        return self._at.desk / self._key

    def publish(self, name: str) -> None:
        """Put a file of the desk into the bucket, and keep its block."""
        path = self._at.desk / self._key / name
        if path.exists():
            file = self / name
            try:
                size = path.stat().st_size
                self.service.upload(file._key, path)
                self._at.note({str(file): size})
                self._at.has_written(file._key)
                self._at.blocks.take(str(file), path)
            finally:
                path.unlink()

    def drop(self, name: str) -> None:
        """Delete a file of the desk, or else of the bucket."""
        path = self._at.desk / self._key / name
        if path.exists():
            path.unlink()
        else:
            self.service.delete(self._below(name))

    def write(self, name: str, make: Callable[[Path], object]) -> None:
        """Let a file be made at the desk, and put it whole."""
        path = self.desk() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            make(path)
            self.publish(name)
        finally:
            path.unlink(missing_ok=True)

    def begin(self, name: str, text: str) -> None:
        """Put the first file of a log; the service lets one writer be first."""
        try:
            self.service.put(self._below(name), text.encode(), is_first=True)
        except FileExistsError:
            return  # another writer's, or ours whose answer was lost

    def first(self, name: str, text: str) -> bool:
        """Put a file that nobody has put; what is there may be ours, whose answer was lost."""
        try:
            self.service.put(self._below(name), text.encode(), is_first=True)
        except FileExistsError:
            return bool(self.service.fetch(self._below(name)) == text.encode())
        return True

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """Fetch a file, past what is kept of it here, and lend it."""
        path = self._at.desk / f"{uuid4()}.parquet"
        try:
            path.write_bytes(self.service.fetch(self._below(name)))
            yield path
        finally:
            path.unlink(missing_ok=True)

    def note(self, sizes: dict[str, int]) -> None:
        """Hear the sizes of files that never change."""
        self._at.note({f"{self}/{name}": size for name, size in sizes.items()})

    def mount(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let a DuckDB read what lies here."""
        from leadline.mount import mount

        mount(con, self._at.address, self._at)

    def each(self, names: Iterable[str], act: Callable[[str], object]) -> None:
        """Act for several at once: each waits for answers most of the time."""
        asked = list(names)
        if len(asked) < 2:
            for name in asked:
                act(name)
            return
        with ThreadPoolExecutor(min(_BESIDE, len(asked))) as pool:
            list(pool.map(act, asked))

    def refused(self, error: BaseException) -> StoreError | None:
        """Return what an error of Delta's says of the service."""
        return self.service.refusals.told(str(error))

    def told(self) -> dict[str, Any]:
        """Return where it lies, and the keys."""
        return {"store": self._at.address, "access": self.service.access.told()}

    def _below(self, name: str) -> str:
        return f"{self._key}/{name}" if self._key else name
