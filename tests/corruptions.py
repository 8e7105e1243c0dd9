"""Ways in which a store's files may come to be wrong, each planted in a copy of a sound one."""

import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from deltalake import DeltaTable

from leadline import seal
from leadline.logbook import LOG
from leadline.quote import quoted
from leadline.upkeep import compact
from tests.stores import contracts, opened
from tests.write_acts import keep, load_chains, load_chains_again, load_short, load_short_again
from tests.write_paths import lay_kept, lay_short

Plant = Callable[[Path, random.Random], None]
HELD = ("short_volume", "option_chains", "open_interest", "rejected", "sessions", "loads")


def lay(root: Path) -> None:
    """Lay out a project with loads of feeds, corrections, compacted files and kept partials."""
    lay_kept(root)
    for name in HELD:
        (root / f"sql/tables/{name}.sql").write_text(contracts()[name].path.read_text())
    lay_short(root)
    for load in (load_short, load_chains, load_short_again):
        load(root)
    keep(root)
    with opened(root / "store") as store:
        list(compact(store, ["short_volume"]))
    for name in ("short_volume", "option_chains", "loads"):
        DeltaTable(root / "store" / name).create_checkpoint()
    load_chains_again(root)  # so that logs go on behind their checkpoints
    with opened(root / "store") as store:
        list(compact(store, ["open_interest"]))


@dataclass(frozen=True)
class Corruption:
    """One thing that is planted; where it may be a killed writer's, it is a note and no error."""

    name: str
    plant: Plant
    is_error: bool = True


def data(place: Path, dataset: str, dice: random.Random | None = None) -> Path:
    """Return a live file of a dataset."""
    paths = sorted(Path(p) for p in DeltaTable(place / dataset).file_uris())
    return dice.choice(paths) if dice else paths[0]


def entry(place: Path, dataset: str, nth: int = -1) -> Path:
    """Return an entry of a log, the last one if nothing is said."""
    return sorted((place / dataset / LOG).glob("0*0*.json"))[nth]


def part_of(place: Path) -> Path:
    return sorted((place / "_kept").rglob("*.parquet"))[0]


def flip(path: Path, dice: random.Random, low: float = 0.0, high: float = 1.0) -> None:
    """Turn one bit over between two shares of a file."""
    body = bytearray(path.read_bytes())
    at = dice.randrange(int(len(body) * low), max(int(len(body) * low) + 1, int(len(body) * high)))
    body[at] ^= 1 << dice.randrange(8)
    path.write_bytes(bytes(body))


def cut(path: Path, share: float) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def remade(path: Path, columns: str, how: str = "") -> None:
    """Write a file's rows anew, with some columns other than they were, under the same name."""
    with duckdb.connect() as con:
        rows = f"read_parquet({quoted(str(path))}, hive_partitioning = false)"
        sql = f"select * {f'replace ({columns})' if columns else ''} from {rows} {how}"
        new = path.with_suffix(".new")
        con.execute(f"copy ({sql}) to {quoted(str(new))} (format parquet, compression zstd)")
    new.replace(path)


def edited(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the actions of a log's entry."""
    said = [json.loads(line) for line in path.read_text().splitlines()]
    for each in said:
        change(each)
    path.write_text("\n".join(json.dumps(each) for each in said if each) + "\n")


def stat(name: str, value: Any, column: str = "") -> Callable[[dict[str, Any]], None]:
    def change(action: dict[str, Any]) -> None:
        if "add" in action:
            stats = json.loads(action["add"]["stats"])
            if column:
                stats[name][column] = value
            else:
                stats[name] = value
            action["add"]["stats"] = json.dumps(stats)

    return change


def added(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(action: dict[str, Any]) -> None:
        if "add" in action:
            action["add"][name] = value

    return change


def swap(one: Path, other: Path) -> None:
    held = one.with_suffix(".held")
    one.rename(held)
    other.rename(one)
    held.rename(other)


def two_of(place: Path) -> tuple[Path, Path]:
    """Return two live files of one dataset."""
    paths = sorted(Path(p) for p in DeltaTable(place / "open_interest").file_uris())
    return paths[0], paths[-1]


def twice(place: Path, _: random.Random) -> None:
    """Commit a file's rows once more, under another name, as a tool does that knows no loads."""
    with opened(place) as store:
        table = store.tables["short_volume"]
        rows = f"from read_parquet({quoted(table.paths()[0])}, hive_partitioning = false)"
        table.append(table.write(store.con, rows), "another tool")


def updated(place: Path, _: random.Random) -> None:
    """Let another tool replace a file by one with other rows, through the log."""
    with opened(place) as store:
        table = store.tables["short_volume"]
        (old, *_rest) = table.files()
        rows = f"from read_parquet({quoted(str(table.place / old['path']))}) limit 3"
        part = table.rewrite(store.con, f"select * exclude (known_month) {rows}", old["partition"])
        table.replace([old], [part])


def ledger(columns: str, how: str = "") -> Plant:
    return lambda place, dice: remade(data(place, "loads", dice), columns, how)


def ledger_committed(sql: str) -> Plant:
    """Let a tool rewrite the ledger through the log, as one file whose digest is right."""

    def plant(place: Path, _: random.Random) -> None:
        with opened(place) as store:
            table = store.tables["loads"]
            listed = ", ".join(map(quoted, table.paths()))
            found = f"read_parquet([{listed}], hive_partitioning = false)"
            part = table.rewrite(store.con, sql.format(found=found), {})
            table.replace(table.files(), [part])

    return plant


def wrong_print(place: Path, _: random.Random) -> None:
    """Move the kept partials to another fingerprint, as after a rename by hand."""
    folder = next((place / "_kept").glob("*/*"))
    folder.rename(folder.with_name("0123456789abcdef"))


def of_another_day(place: Path, _: random.Random) -> None:
    one, other = sorted((place / "_kept").rglob("*.parquet"))[:2]
    for ending in ("", seal.ENDING):
        shutil.copyfile(f"{one}{ending}", f"{other}{ending}")


def all_in(place: Path, _: random.Random, dataset: str = "short_volume") -> None:
    for path in (place / dataset).rglob("part-*.parquet"):
        path.unlink()


def folder_for(path: Path) -> None:
    path.unlink()
    path.mkdir()


def dangling(path: Path) -> None:
    path.unlink()
    os.symlink("/nowhere/at/all", path)


def bits(dataset: str, low: float, high: float) -> Plant:
    return lambda place, dice: flip(data(place, dataset, dice), dice, low, high)


def in_log(dataset: str, change: Callable[[dict[str, Any]], None], nth: int = -1) -> Plant:
    return lambda place, dice: edited(entry(place, dataset, nth), change)


def text_in_log(dataset: str, body: str) -> Plant:
    return lambda place, dice: void(entry(place, dataset).write_text(body))


def void(_: object) -> None:
    """Return nothing."""


def on(path: Callable[[Path], Path], do: Callable[[Path], object]) -> Plant:
    return lambda place, dice: void(do(path(place)))


def checkpoint(place: Path) -> Path:
    return sorted((place / "short_volume" / LOG).glob("*.checkpoint.parquet"))[0]


def short(place: Path) -> Path:
    return data(place, "short_volume")


def line_file(place: Path) -> Path:
    return data(place, "loads")


CHAIN = "option_chains"
ALL = (
    Corruption("a bit in a page of short volume", bits("short_volume", 0.05, 0.5)),
    Corruption("a bit in a page of chains", bits(CHAIN, 0.05, 0.5)),
    Corruption("a bit in a page of the calendar", bits("sessions", 0.1, 0.6)),
    Corruption("a bit in a page of what was set aside", bits("rejected", 0.05, 0.5)),
    Corruption("a bit in a page of the ledger", bits("loads", 0.05, 0.4)),
    Corruption("a bit in a footer of short volume", bits("short_volume", 0.85, 0.99)),
    Corruption("a bit in a footer of the ledger", bits("loads", 0.85, 0.99)),
    Corruption("a bit in the first four bytes", bits(CHAIN, 0.0, 0.0001)),
    Corruption("a page of zeros", on(short, lambda p: p.write_bytes(
        p.read_bytes()[:200] + bytes(300) + p.read_bytes()[500:]))),
    Corruption("a file cut in half", on(short, lambda p: cut(p, 0.5))),
    Corruption("a file that lost its last byte", on(short, lambda p: p.write_bytes(
        p.read_bytes()[:-1]))),
    Corruption("an empty file", on(short, lambda p: p.write_bytes(b""))),
    Corruption("a file with a byte too many", on(short, lambda p: p.write_bytes(
        p.read_bytes() + b"\0"))),
    Corruption("a deleted file", on(short, Path.unlink)),
    Corruption("a deleted file of the ledger", on(line_file, Path.unlink)),
    Corruption("every file of a dataset deleted", all_in),
    Corruption("a lost partition", lambda place, _: shutil.rmtree(data(place, CHAIN).parent)),
    Corruption("a lost dataset", lambda place, _: shutil.rmtree(place / CHAIN)),
    Corruption("a lost log", lambda place, _: shutil.rmtree(place / CHAIN / LOG)),
    Corruption("two files swapped", lambda place, _: swap(*two_of(place))),
    Corruption("a file under the name of another", lambda place, _: void(
        shutil.copyfile(*two_of(place)))),
    Corruption("a foreign file under a file's name", lambda place, _: void(
        shutil.copyfile(data(place, "sessions"), short(place)))),
    Corruption("a folder in a file's place", on(short, folder_for)),
    Corruption("a link that leads nowhere", on(short, dangling)),
    Corruption("values changed, schema kept", on(short, lambda p: remade(
        p, "total_volume + 1 as total_volume"))),
    Corruption("two values changed against each other", on(short, lambda p: remade(
        p, "total_volume + case when sequence % 2 = 0 then 1 else -1 end as total_volume"))),
    Corruption("rows in another order", on(short, lambda p: remade(
        p, "", "order by hash(sequence)"))),
    Corruption("one row doubled, one lost", on(short, lambda p: remade(
        p, "greatest(sequence, 2) as sequence"))),
    Corruption("fewer rows", on(short, lambda p: remade(p, "", "limit 3"))),
    Corruption("a column of another type", on(short, lambda p: remade(
        p, "total_volume::double as total_volume"))),
    Corruption("rows committed twice", twice),
    Corruption("rows replaced through the log", updated),
    Corruption("a line of the ledger with other counts", ledger("n_rows + 1 as n_rows")),
    Corruption("a line with another coverage, committed", ledger_committed(
        "select * replace ('elsewhere' as coverage) from {found}")),
    Corruption("a line with another content, committed", ledger_committed(
        "select * replace (md5(content_hash) as content_hash) from {found}")),
    Corruption("a lost line, committed", ledger_committed(
        "select * from {found} where not (feed = 'finra_short_volume' and publication = 0)")),
    Corruption("a doubled line, committed", ledger_committed(
        "select * from {found} union all (select * from {found} where feed = 'sessions')")),
    Corruption("a log's last entry cut in half", lambda place, _: cut(entry(place, CHAIN), 0.5)),
    Corruption("a log's last entry empty", text_in_log(CHAIN, "")),
    Corruption("a log's last entry lost", lambda place, _: entry(place, CHAIN).unlink()),
    Corruption("the ledger's last entry lost", lambda place, _: entry(place, "loads").unlink(),
               is_error=False),
    Corruption("an entry lost between others", lambda place, _: entry(
        place, "open_interest", -2).unlink()),
    Corruption("an entry with another row count", in_log("open_interest", stat("numRecords", 7))),
    Corruption("an entry with another bound", in_log(CHAIN, stat(
        "maxValues", "ZZZ", "contract"))),
    Corruption("an entry with another path", in_log(CHAIN, added("path", "part-none.parquet"))),
    Corruption("an entry with another load's tag", in_log(CHAIN, lambda each: void(
        each.get("txn", {}).update(appId="nobody")))),
    Corruption("a checkpoint cut in half", on(checkpoint, lambda p: cut(p, 0.5))),
    Corruption("a last checkpoint that is not there", on(checkpoint, Path.unlink)),
    Corruption("a kept partial with a bit turned", lambda place, dice: flip(part_of(place), dice)),
    Corruption("a kept partial with other values", on(part_of, lambda p: remade(
        p, "n_prints + 1 as n_prints"))),
    Corruption("a kept partial of another day", of_another_day),
    Corruption("kept partials of another fingerprint", wrong_print),
    Corruption("a kept partial without its seal", on(part_of, lambda p: Path(
        seal.beside(str(p))).unlink()), is_error=False),
    Corruption("a stray file beside the others", on(short, lambda p: shutil.copyfile(
        p, p.with_name("part-0000.parquet"))), is_error=False),
)  # fmt: skip
