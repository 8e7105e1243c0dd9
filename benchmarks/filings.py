"""A quarter's 13F data set: loaded, and each view over it asked; and what a submission takes.

python -m benchmarks.filings make PATH ROWS
python -m benchmarks.filings parse FOLDER
python -m benchmarks.filings rival FOLDER
python -m benchmarks.filings ask STORE VIEW
"""

import importlib
import json
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.figures import CACHE, LEADLINE, ROOT, SEED, Section, bar, python, run, table

ROWS = 3_000_000
MEMORY, THREADS = "3GB", 2  # a process takes more than its DuckDB
MOST_MB = 4_096
RIVAL = "LEADLINE_EDGARTOOLS"  # the Python of an environment that has edgartools
N_SECURITIES = 13_000
# Each manager files two quarters' ends, the second a fifth changed, so that changes can be told;
# the first managers have some thousand rows, the last a handful; one in ten writes thousands.
FILED = """
create table filed as
with managers as (
    select
        manager,
        cast(ceil({rows} / 2.0 * weight / sum(weight) over ()) as bigint) as n_rows
    from (select manager, (manager + 1) ** -0.7 as weight from range({n}) as given (manager))
)

select
    manager, quarter, n_rows,
    printf('%010d-25-%06d', 1_000_000 + manager, quarter + 1) as number,
    hash(manager, {seed}) % 10 = 0 as is_in_thousands,
    strftime(date '2024-11-14' + cast(92 * quarter - manager % 20 as integer), '%d-%b-%Y') as filed
from managers
cross join range(2) as quarters (quarter);

create table lines as
with numbered as (
    select *, unnest(range(n_rows)) as k from filed
),

placed as (
    select
        *,
        (cast(hash(manager, {seed}) % {securities} as bigint) + k * 7_919) % {securities}
            as security,
        hash(manager, k, {seed} + 1) % 5 = 0 as is_moved,
        printf('%06d10', security) as stem
    from numbered
)

select
    number,
    row_number() over () as sk,
    stem || (10 - list_sum([
        worth // 10 + worth % 10 for worth in
        [cast(substr(stem, place, 1) as integer) * (2 - place % 2) for place in range(1, 9)]
    ]) % 10) % 10 as cusip,
    100 + cast(hash(manager, k, {seed} + 2) % 100_000 as bigint)
    + case when is_moved then quarter * 500 else 0 end as shares,
    cast(
        shares * exp(2.25 + cast(hash(security, {seed}) % 1_000 as bigint) / 400.0)
        * (1 + 0.05 * quarter)
        / case when is_in_thousands then 1_000 else 1 end as bigint
    ) as value,
    case when k % 50 = 7 then 'Put' when k % 50 = 8 then 'Call' end as put_call
from placed;
"""
TABLES = {
    "SUBMISSION": """
        select number as ACCESSION_NUMBER, upper(filed) as FILING_DATE,
            '13F-HR' as SUBMISSIONTYPE, printf('%010d', 1_000_000 + manager) as CIK,
            case quarter when 0 then '30-SEP-2024' else '31-DEC-2024' end as PERIODOFREPORT
        from filed order by number""",
    "COVERPAGE": """
        select number as ACCESSION_NUMBER, null as AMENDMENTNO, null as AMENDMENTTYPE,
            'MANAGER ' || manager as FILINGMANAGER_NAME, '13F HOLDINGS REPORT' as REPORTTYPE
        from filed order by number""",
    "SUMMARYPAGE": """
        select number as ACCESSION_NUMBER, count(*) as TABLEENTRYTOTAL,
            sum(value) as TABLEVALUETOTAL
        from lines group by all order by number""",
    "INFOTABLE": """
        select number as ACCESSION_NUMBER, sk as INFOTABLE_SK, 'ISSUER ' || cusip as NAMEOFISSUER,
            'COM' as TITLEOFCLASS, cusip as CUSIP, null as FIGI, value as VALUE,
            shares as SSHPRNAMT, 'SH' as SSHPRNAMTTYPE, put_call as PUTCALL,
            'SOLE' as INVESTMENTDISCRETION, null as OTHERMANAGER, shares as VOTING_AUTH_SOLE,
            0 as VOTING_AUTH_SHARED, 0 as VOTING_AUTH_NONE
        from lines order by sk""",
}


def measure(rows: int | None = None) -> Section:
    """Load one data set, ask all views over it, and parse submissions beside edgartools."""
    n = rows or ROWS
    path = CACHE / f"quarter-{SEED}-{n}" / "01dec2024-28feb2025_form13f.zip"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        python("benchmarks.filings", "make", path, n)
    folder = CACHE / f"submissions-{SEED}-{n}"
    if not folder.exists():
        submissions(folder, max(1, min(200, n // 5_000)), min(n, 500))
    with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE) as place:
        env = {"LEADLINE_STORE": f"{place}/store", "LEADLINE_PROJECT": str(ROOT)}
        for feed, given in (("sessions", ()), ("sec_13f_list", ("--from", str(path.parent)))):
            run((*LEADLINE, "load", feed, *given), env)
        own = ("--memory", MEMORY, "--threads", str(THREADS))
        load = run((*LEADLINE, *own, "load", "sec_13f_datasets", "--from", str(path)), env)
        asked = {
            view: python("benchmarks.filings", "ask", env["LEADLINE_STORE"], view)
            for view in views()
        }
    said = {view: json.loads(each.stdout) for view, each in asked.items()}
    parsed = [("`sec_13f`", python("benchmarks.filings", "parse", folder))]
    if other := os.environ.get(RIVAL):
        rival_run = run((other, "-m", "benchmarks.filings", "rival", str(folder)))
        parsed.append(("edgartools, rows alone", rival_run))
    found = [(name, json.loads(each.stdout), each) for name, each in parsed]
    peak = max(load.peak_mb, *(each.peak_mb for each in asked.values()))
    return Section(
        "Filings",
        [
            f"A generated data set of {n:,} rows in the layout of the SEC's, "
            f"{path.stat().st_size / 1e6:,.0f} MB packed, half of it for each of two quarters' "
            f"ends; {THREADS} threads and {MEMORY}.",
            "",
            *table(
                ("", "rows", "s", "peak MB"),
                [
                    ("`leadline load sec_13f_datasets`", n, load.seconds, load.peak_mb),
                    *(
                        (f"`{view}`", said[view]["n"], said[view]["seconds"], each.peak_mb)
                        for view, each in asked.items()
                    ),
                ],
            ),
            "",
            bar("the most memory that any of them takes is", peak, MOST_MB, "MB"),
            "",
            f"Information tables of XML, parsed to rows ({len(list(folder.iterdir())):,} of them):",
            "",
            *table(
                ("", "rows", "s", "rows/s", "peak MB"),
                [
                    (name, told["n"], told["seconds"], told["n"] / told["seconds"], each.peak_mb)
                    for name, told, each in found
                ],
            ),
        ],
    )


def views() -> list[str]:
    """Return every live view that rests on the rows of 13F, but for the scores of everything."""
    from leadline.catalog import Catalog

    catalog = Catalog(ROOT)
    stable = {view.stable: view for view in catalog.all()}

    def rests(name: str) -> bool:
        reads = stable[name].reads if name in stable else ()
        return "curated.told_holdings" in reads or any(rests(each) for each in reads)

    def scores(name: str) -> bool:
        if name not in stable:
            return False
        rule = stable[name].header.get("rule") or ""
        return rule.startswith("E") or any(scores(each) for each in stable[name].reads)

    live = [view for view in catalog.all() if view.status == "live"]
    return sorted({view.stable for view in live if rests(view.stable) and not scores(view.stable)})


def make(path: str, rows: str) -> None:
    """Write the data set."""
    target = Path(path)
    n = max(4, int(rows) // 700)
    made = FILED.format(rows=int(rows), n=n, seed=SEED, securities=N_SECURITIES)
    with (
        tempfile.TemporaryDirectory(dir=target.parent) as folder,
        duckdb.connect(config={"memory_limit": MEMORY, "threads": THREADS}) as con,
    ):
        con.execute(made)
        listed = "".join(
            f"{k:06d}101 {f'ISSUER {k}':30}{'COM':27}".ljust(79) + "E\n"
            for k in range(N_SECURITIES)
        )
        target.with_name("13flist2024q3.txt").write_text(listed)
        part = target.with_name(f"part-{target.name}")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for name, sql in TABLES.items():
                table_path = Path(folder, f"{name}.tsv")
                con.execute(
                    f"copy ({sql}) to '{table_path}' "
                    "(format csv, header, delimiter '\t', quote '', escape '')"
                )
                packed.write(table_path, table_path.name)
    part.rename(target)


def submissions(folder: Path, n: int, rows: int) -> None:
    """Write complete submissions of XML."""
    from loaders._cusip import check_digit
    from tests import submissions as written

    part = folder.with_name(f"part-{folder.name}")
    part.mkdir(parents=True, exist_ok=True)
    lines = [
        {
            "cusip": stem + check_digit(stem),
            "value": 1_000 + k,
            "shares": 100 + k,
            "issuer": f"ISSUER {k}",
        }
        for k in range(rows)
        for stem in [f"{k:08d}"]
    ]
    text = written.table(lines)
    for k in range(n):
        number = f"0001234567-23-{k:06d}"
        written.written(part, written.submission(number, text, n_entries=rows), f"{number}.txt")
    part.rename(folder)


def parse(folder: str) -> None:
    """Read the rows of every submission of a folder."""
    from leadline.feed import files
    from loaders import sec_13f

    found, _ = files([Path(folder)], sec_13f.FEED.knows)
    started = time.perf_counter()
    n = sum(
        rows.rows.num_rows  # type: ignore[union-attr]
        for dataset, rows in sec_13f.read(found)
        if dataset == "holdings" and not isinstance(rows, list)
    )
    print(json.dumps({"n": n, "seconds": time.perf_counter() - started}))


def rival(folder: str) -> None:
    """Read the same tables with edgartools; it is handed the XML, which is cut out beforehand."""
    parsers = importlib.import_module("edgar.thirteenf.parsers.infotable_xml")
    tables = []
    for path in sorted(Path(folder).iterdir()):
        text = path.read_text()
        start = text.index("<informationTable")
        tables.append(text[start : text.index("</informationTable>") + len("</informationTable>")])
    started = time.perf_counter()
    n = sum(len(parsers.parse_infotable_xml(xml)) for xml in tables)
    print(json.dumps({"n": n, "seconds": time.perf_counter() - started}))


def ask(store: str, view: str) -> None:
    """Ask a view for all that there is, and print how many rows it has."""
    from benchmarks.options import counted, opened
    from leadline.clock import BEGINNING, FOREVER

    print(json.dumps(counted(opened(store, MEMORY), view, BEGINNING, FOREVER)))


if __name__ == "__main__":
    work: dict[str, Callable[..., Any]] = {
        "make": make, "parse": parse, "rival": rival, "ask": ask,
    }  # fmt: skip
    work[sys.argv[1]](*sys.argv[2:])
