"""Writes what was asked as a page: CPU times, ratios, memory, and why where ours is dearer."""

from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

from benchmarks.asked.frames import THREADS
from benchmarks.asked.plot import dots
from benchmarks.asked.questions import QUESTIONS
from benchmarks.asked.work import MEMORY
from benchmarks.figures import ROOT, Section, context, median, table

PAGE = ROOT / "docs" / "benchmark-year.md"
PEERS = ("polars", "chdb", "pandas")
RATIOS, PEAKS = "benchmark-year-ratios.svg", "benchmark-year-memory.svg"
Told = Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]
KINDS = {
    "page": "Pages of the dashboard",
    "day": "One day",
    "span": "The whole span",
    "join": "Joins",
    "window": "A window",
    "export": "Exports",
    "tick": "Ticks",
}


def section(said: Sequence[Mapping[str, Any]], rows: int, n_sessions: int) -> Section:
    """Return the page's part that figures make."""
    told = _told(said)
    n_rounds = 1 + max(each["round"] for each in said)
    n_asked = len({each["name"] for each in said if each["engine"] == "ours"})
    lines = [
        f"Asked of {n_sessions} sessions of a year of {rows:,} option trades, about "
        f"{rows * n_sessions // 252 / 1e6:,.1f} million of them; {n_asked} of {len(QUESTIONS)} "
        f"questions, rounds: {n_rounds}.",
        "",
        *_summary(told),
        *[line for kind in KINDS for line in _kind(told, kind)],
        *_dearer(told),
        *_ended(said),
    ]
    return Section("Forty questions", lines)


def write(said: Sequence[Mapping[str, Any]], rows: int, n_sessions: int) -> None:
    """Write the page and its plots into docs."""
    told = _told(said)
    ratios = {
        question.name: {
            name: ratio for name in PEERS if (ratio := _ratio(told, question.name, name))
        }
        for question in QUESTIONS
    }
    drawn = {name: row for name, row in ratios.items() if row}
    peaks = {
        name: {engine: mb for engine, runs in row.items() if (mb := _of(runs, "peak_mb"))}
        for name, row in told.items()
    }
    title = "CPU time of ours over a peer's; left of the line ours is cheaper"
    (ROOT / "docs" / RATIOS).write_text(dots(title, drawn, 1.0))
    (ROOT / "docs" / PEAKS).write_text(dots("MB of memory at most", peaks))
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("polars", "chdb", "pandas")
    )
    head = HEAD.format(memory=MEMORY, threads=THREADS, versions=versions)
    body = [head, *context(None), "", str(section(said, rows, n_sessions))]
    plots = [
        f"![CPU time of ours over each peer's]({RATIOS})", "", f"![Memory of each]({PEAKS})", "",
    ]  # fmt: skip
    PAGE.write_text("\n".join([*body, *plots]).rstrip() + "\n")


def _told(said: Sequence[Mapping[str, Any]]) -> Told:
    """Return what was said, by question and engine."""
    told: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for each in said:
        told.setdefault(each["name"], {}).setdefault(each["engine"], []).append(each)
    return told


def _summary(told: Told) -> list[str]:
    found = []
    for peer in PEERS:
        ratios = [ratio for name in told if (ratio := _ratio(told, name, peer))]
        again = [ratio for name in told if (ratio := _ratio(told, name, peer, "again_cpu_s"))]
        if ratios:
            n_above = sum(ratio > 1 for ratio in ratios)
            found.append((peer, len(ratios), median(ratios), median(again), n_above))
    head = ("ours over", "questions", "median of ratios", "asked again", "above 1.0")
    return [*table(head, found), ""]


def _kind(told: Told, kind: str) -> list[str]:
    rows: list[tuple[object, ...]] = []
    for question in QUESTIONS:
        if question.kind != kind or "ours" not in told.get(question.name, {}):
            continue
        runs = told[question.name]["ours"]
        ratios = [
            _ratio(told, question.name, peer) or _why_not(told, question.name, peer)
            for peer in PEERS
        ]
        own = [_of(runs, name) for name in ("cpu_s", "again_cpu_s", "s")]
        mb = [_of(runs, "mb_read"), _of(runs, "peak_mb")]
        rows.append((question.name, *(x if x is not None else _ending(runs) for x in own), *ratios,
                     *(x if x is not None else "" for x in mb)))  # fmt: skip
    if not rows:
        return []
    head = (
        kind, "CPU s", "again", "s", "/ polars", "/ chdb", "/ pandas", "MB read", "peak MB",
    )  # fmt: skip
    return [f"### {KINDS[kind]}", "", *table(head, rows), ""]


def _dearer(told: Told) -> list[str]:
    rows = []
    for question in QUESTIONS:
        above = {
            peer: ratio
            for peer in PEERS
            if (ratio := _ratio(told, question.name, peer)) and ratio > 1
        }
        if above:
            said = ", ".join(f"{ratio:.3g} of {peer}" for peer, ratio in above.items())
            rows.append(f"- **{question.name}** ({said}): {question.why()}")
    return ["### Where ours is dearer", "", *rows, ""] if rows else []


def _ended(said: Sequence[Mapping[str, Any]]) -> list[str]:
    ended = [
        f"- **{each['name']}**, {each['engine']}: {each['ended']}"
        for each in said
        if "ended" in each
    ]
    odd = [
        f"- **{each['name']}**, {each['engine']}: another answer, {each['differs']}"
        for each in said
        if each.get("is_equal") is False
    ]
    checked = sum(each.get("is_equal") is True for each in said)
    lines = [f"{checked} answers of peers were held against ours and are equal.", ""]
    return [*lines, *(["### What ended badly", "", *ended, *odd, ""] if ended or odd else [])]


def _of(runs: Sequence[Mapping[str, Any]], name: str) -> float | None:
    found = [float(each[name]) for each in runs if name in each and "ended" not in each]
    return median(found) if found else None


def _ratio(told: Told, name: str, peer: str, what: str = "cpu_s") -> float | None:
    """Return ours over a peer's; of answers that differ there is none."""
    runs = told[name].get(peer, []) if name in told else []
    if not runs or not all(each.get("is_equal") for each in runs):
        return None
    own, its = _of(told[name].get("ours", []), what), _of(runs, what)
    return None if own is None or not its else own / its


def _why_not(told: Told, name: str, peer: str) -> str:
    runs = told[name].get(peer, [])
    return "" if not runs else _ending(runs)


def _ending(runs: Sequence[Mapping[str, Any]]) -> str:
    if any(each.get("is_equal") is False for each in runs):
        return "unproven" if "no answer" in str(runs[0].get("differs")) else "differs"
    return next((str(each["ended"])[:30] for each in runs if "ended" in each), "")


HEAD = """# A generated year, and forty questions

`python -m benchmarks.year STORE` makes a year of the market as a store, a day at a time: option
trades with the quotes before them, open interest and chains, bars, prints off exchange, FINRA's
sums, order books and trades of coins, and filings; 6,000 stocks, traded as often as Zipf has it.
`--rows` are the option trades of all 252 sessions, `--sessions` how many of these are made; a kill
leaves whole days, and the same command goes on. `--burst` adds a day of ten times as many trades.

`python -m benchmarks.year_questions STORE ROWS SESSIONS ROUNDS` asks forty questions of it and
writes the rest of this page. Each is asked in a process of its own, engine by engine and round by
round, with {threads} threads and {memory} (a process that holds more is ended, and told so). Peers
are {versions}.
They read the files that we read, named one by one, and only those of a day where one day is asked
about. Polars is lazy and streams; pandas reads by Arrow what columns and rows it needs, decimals
as doubles. An answer counts if it is ours: all rows, numbers within 1e-9.

They are spared what our views find out: that nothing was told twice, cancelled or forgotten, and
what codes mean. Pages are asked of ours alone, as no short query says what they say.

**Ratios are of CPU time**, which neighbours change least; `again` is the same question asked once
more in that process. Opening the store and laying out the views comes before the clock starts, as
importing a library does. Bytes are what the process read from files by the kernel's count; Polars
and chdb map files, which is not counted, so that only ours stand here.
"""
