"""Files of one dataset as a thing to select from, older ones among them that lack a column."""

from collections.abc import Mapping, Sequence

from leadline.quote import named, quoted

PLAIN = "hive_partitioning = false"


class Older(str):
    """The path of a file that was written before its dataset gained some columns."""

    lacks: frozenset[str]

    def __new__(cls, path: str, lacks: frozenset[str]) -> "Older":
        """Hold a path and the names of these columns."""
        made = super().__new__(cls, path)
        made.lacks = lacks
        return made


def is_any(files: Sequence[str]) -> bool:
    """Say whether any of these files lacks a column."""
    return any(isinstance(path, Older) for path in files)


def listed(files: Sequence[str], kinds: Mapping[str, str], options: str = PLAIN) -> str:
    """Return SQL for the rows of files; what a file lacks is null, of its type in `kinds`.

    Files of the same columns are read at once, so that nothing is opened that need not be.
    """
    groups: dict[frozenset[str], list[str]] = {}
    for path in files:
        groups.setdefault(getattr(path, "lacks", frozenset()), []).append(path)
    read = []
    for lacks, paths in sorted(groups.items(), key=lambda group: len(group[0])):
        rows = f"read_parquet([{', '.join(map(quoted, paths))}], {options})"
        nulls = ", ".join(f"cast(null as {kinds[name]}) as {named(name)}" for name in sorted(lacks))
        read.append(f"select *, {nulls} from {rows}" if lacks else f"select * from {rows}")
    if list(groups) == [frozenset()]:
        return read[0].removeprefix("select * from ")
    return f"({' union all by name '.join(read)})"
