"""Everything that a project's owner writes: settings, rules, lists, tokens, SQL, words."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from leadline import (
    clock,
    condition,
    config,
    due,
    lock,
    params,
    project,
    provenance,
    queries,
    quiet,
    rule_file,
    schedule,
    serving,
    span,
    watch_file,
)
from leadline.artefact import Artefacts
from leadline.catalog import Catalog
from leadline.contract import read_all
from leadline.errors import ConfigError, LeadlineError
from leadline.header import Header, digest_of
from leadline.span import Needs
from leadline.tokens import Tokens
from leadline.warehouse import Warehouse
from live import channel
from live.telling import telling_of
from tests.desks import FOLLOWED, HIGH, PRINTS, SmallDesk, telling_desk
from tests.doors import ROOT, one_core
from tests.fuzz.parser import Inputs, Parser

SETTINGS = b"""\
store = "store"
threads = 2
memory = "1GB"
pairs = "BTC-USDT,ETH-USDT"
contact = "a@example.com"

[params."prices.high"]
min_price = 200

[serve]
session = "12h"
rate = "100/s"
names = ["desk.example.com"]
sql_limit = "10s"
sql_memory = "512MB"
sql_rows = 1000

[buckets]
massive = "https://files.example.com/flatfiles"

[addresses]
"https://api.kraken.com" = "http://127.0.0.1:9000"

[tracking]
mlflow = "runs"

[channels.desk]
kind = "file"
path = "notices.jsonl"
severity = "high"
quiet = "22:00-07:00"
zone = "Europe/Berlin"
window = "5m"
per_hour = 10

[channels.hook]
kind = "webhook"
url = "https://example.com/hook"
secret_variable = "HOOK"

[channels.mail]
kind = "email"
from = "b@example.com"
to = ["a@example.com"]
host = "localhost"

[schedule.finra_short_volume]
cron = "30 18 * * 1-5"
zone = "America/New_York"
retries = 3
again = "10m"
since = "2024-01-01"

[schedule.compact]
after = "close + 30m"
sessions = "XNYS"

[rules.dear]
of = "prices.high"
where = "notional_usd > 1_000"
severity = "high"
channels = ["desk"]
"""
RULE = b"""\
of = "curated.followed"
where = "price > 100 and print_id is not null"
key = ["print_id"]
keep = "30s"
cooldown = "5m"
severity = "high"
channels = ["desk"]
expires = "2030-01-01T00:00Z"
"""
WATCH_CSV = b"""\
watchlist,symbol,horizon,direction,threshold_pct,note
tech,AAPL,1d,up,5,"a, b"
tech,MSFT,,,,
coins,BTC-USDT,60m,down,2.5,
"""
WATCH_TOML = b"""\
[[tech]]
symbol = "AAPL"
threshold_pct = 5.0
note = "first"

[[coins]]
symbol = "BTC-USDT"
"""
TOKENS = (
    b"# who may come in\n"
    b"desk " + b"0123456789abcdef" * 4 + b" 2024-03-01T15:00:00Z\n"
    b"other " + b"fedcba9876543210" * 4 + b" 2024-03-02T15:00:00Z\n"
)
QUERY = b"""\
-- what:  Prints of a symbol.
-- binds: symbol=AAPL&n=5
-- since: 2024-03-01
-- until: 2024-03-02

select * from raw.prints where symbol = $symbol limit $n
"""
CRON = b"30 18 * * 1-5"
DEFINITION = (
    b'{"channels": ["desk"], "group": ["entity"], "wait": "5m", "repeat": 3600.0, "digest": '
    b'"0 9 * * *"}'
)
MADE = (
    b'{"sql": "select 1", "binds": {}, "since": null, "until": "2024-03-01", '
    b'"recorded_until": null, "views": {}, "params": {}}'
)
SPAN = datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC)
COLUMNS = MappingProxyType(
    {"price": "double", "symbol": "varchar", "known_at": "timestamp with time zone", "n": "bigint"}
)


def parsers() -> list[Parser]:
    """Return every parser of what is written by hand."""
    return [
        Parser("settings", ({"leadline.toml": SETTINGS},), _settings),
        Parser("rules", ({"rules.toml": RULE},), _rule),
        Parser("watchlists.csv", ({"watch.csv": WATCH_CSV},), partial(_in_file, watch_file.read)),
        Parser(
            "watchlists.toml", ({"watch.toml": WATCH_TOML},), partial(_in_file, watch_file.read)
        ),
        Parser("tokens", ({"tokens": TOKENS},), partial(_in_file, _tokens)),
        Parser("tokens.environment", ({"value": b"desk=" + b"a" * 40},), _given),
        Parser("queries", ({"queries/one.sql": QUERY},), _query),
        Parser("provenance", ({"a.parquet.provenance.json": MADE},), _made),
        Parser("sql.views", ({"sql/views/curated/followed.v1.sql": FOLLOWED.encode()},), _view),
        Parser("sql.detectors", ({"sql/detectors/prices/high.v1.sql": HIGH.encode()},), _view),
        Parser("sql.tables", ({"sql/tables/prints.sql": PRINTS.encode()},), _table),
        Parser("sql.headers", ({"one.sql": HIGH.encode()},), _header),
        Parser("sql.params", ({"one.sql": HIGH.encode()},), _params),
        Parser("sql.lock", ({"sql/versions.lock": _lock()},), _lock_file),
        Parser("sql.condition", _lines(*CONDITIONS), _condition),
        Parser("sql.literals", _lines(b"100", b"interval 5 minutes", b"'a'", b"null"), _value),
        Parser("words.moments", _lines(b"2024-03-01", b"2024-03-01T15:00Z"), _word(clock.moment)),
        Parser("words.headers", _lines(b"Fri, 01 Mar 2024 15:00:00 GMT"), _word(clock.of_header)),
        Parser("words.stretches", _lines(b"60s", b"5m", b"2h", b"3d"), _word(span.stretch)),
        Parser("words.needs", _lines(b"90s", b"20 sessions CMES", b"all"), _word(_needs)),
        Parser("words.waits", _lines(b"30s", b"3 sessions"), _word(_wait)),
        Parser("words.crons", _lines(CRON, b"0 9 1 * *", b"*/5 * * * *"), _word(_cron)),
        Parser("words.sessions", _lines(b"close + 30m", b"open - 5m", b"close"), _word(_session)),
        Parser("definitions", ({"definition.json": DEFINITION},), _word(telling_of)),
        Parser("artefacts", ({"fit": _fit()},), _artefact),
    ]  # fmt: skip


CONDITIONS = (
    b"price > 1_000 and symbol = 'AAPL'", b"n in (1, 2) or known_at is null",
    b"lower(symbol) like 'a%' and abs(price - n) < 0.5",
)  # fmt: skip


def _lines(*said: bytes) -> tuple[Inputs, ...]:
    return tuple({"said": each} if not n else {f"said{n}": each} for n, each in enumerate(said))


def _text(given: Inputs) -> str:
    """Return what the command line hands over: text, whatever its bytes."""
    (content,) = given.values()
    return content.decode("utf-8", "surrogateescape")


def _word(read: Callable[[str], Any]) -> Callable[[Inputs], None]:
    def call(given: Inputs) -> None:
        read(_text(given))

    return call


def _needs(said: str) -> None:
    found = Needs.of(said, Path("sql/x.sql"), 1)
    found.at_most({})


def _wait(said: str) -> None:
    if found := quiet.Wait.of(said):
        datetime(2024, 3, 1, tzinfo=UTC) + found.time


def _cron(said: str) -> None:
    times = due.clock_times("leadline.toml: cron", said)
    times.next(datetime(2024, 3, 1, tzinfo=UTC), {})


def _session(said: str) -> None:
    due.session_times("leadline.toml: after", said)


@contextmanager
def _laid(given: Inputs) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="leadline-fuzz-") as folder:
        root = Path(folder)
        for path, content in given.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            place.chmod(0o600)
        yield root


def _in_file(read: Callable[[Path], Any], given: Inputs) -> None:
    (name,) = given
    with _laid(given) as root:
        read(root / name)


def _settings(given: Inputs) -> None:
    with _laid(given) as root:
        (root / "loaders").symlink_to(ROOT / "loaders")  # whose names buckets stand under
        found = config.read(root)
        found.engine()
        for name, table in found.channels.items():
            try:
                channel.read_one(root, name, table)
            except LeadlineError:
                continue
        feeds = {name: project.feed(ROOT, name) for name in ("finra_short_volume", "sessions")}
        schedule.Reader(feeds).jobs(found.schedule, ())
        serving.read(root, found.serve, {})


def _rule(given: Inputs) -> None:
    said = rule_file.parsed("dear", _text(given))
    if wrong := rule_file.mistakes(said, _house(), ["desk"]):
        raise ConfigError(wrong[0])


@cache
def desk() -> SmallDesk:
    folder = tempfile.mkdtemp(prefix="leadline-fuzz-")
    atexit.register(shutil.rmtree, folder)
    desk = telling_desk(Path(folder) / "desk")
    desk.prints(("a", 150, "01 15:00"), ("b", 50, "01 15:01"))
    return desk


@cache
def _house() -> Warehouse:
    return desk().warehouse().__enter__()


def _tokens(path: Path) -> None:
    Tokens(path, {}).all()


def _given(given: Inputs) -> None:
    Tokens(None, {"LEADLINE_TOKENS": _text(given)})


def _query(given: Inputs) -> None:
    with _laid(given) as root:
        queries.read(root, "one")
        queries.listed(root)


def _made(given: Inputs) -> None:
    with _laid(given) as root:
        provenance.read(root / "a.parquet")


def _view(given: Inputs) -> None:
    """Read and bind a project with this file in it, and ask it of a store with two rows."""
    with tempfile.TemporaryDirectory(prefix="leadline-fuzz-") as folder:
        own = desk().copy(Path(folder) / "desk")
        for path, content in given.items():
            (own.root / path).write_bytes(content)
        name = "curated.followed" if "views" in path else "prices.high"
        catalog = Catalog(own.root)
        with own.store() as store:
            house = Warehouse(catalog, store, one_core())
            try:
                house.ask(name, *SPAN).to_arrow_table()
            finally:
                house.close()


def _table(given: Inputs) -> None:
    with _laid(given) as root:
        for each in read_all(root / "sql/tables").values():
            _ = each.arrow, each.stored, each.digest, each.key, each.partition, each.comments


def _header(given: Inputs) -> None:
    text = _read(given)
    known = ("rule", "what", "grain", "status", "every", "needs", "misses", "noisy")
    Header.of(Path("one.sql"), text, known, ("what",))
    digest_of(text)


def _params(given: Inputs) -> None:
    text = _read(given)
    found = params.parameters(Path("one.sql"), text)
    params.overridden(text, found, {each.name: 5 for each in found})


def _read(given: Inputs) -> str:
    (content,) = given.values()
    return content.decode(errors="replace")


def _lock() -> bytes:
    return b"\n".join((ROOT / lock.FILE).read_bytes().splitlines()[:3]) + b"\n"


def _lock_file(given: Inputs) -> None:
    with _laid(given) as root:
        lock.read(root)


def _condition(given: Inputs) -> None:
    said = condition.problem(_read(given), COLUMNS)
    if said is not None and not said.strip():
        raise AssertionError("it finds a problem and names none")


def _value(given: Inputs) -> None:
    params.read_value(_read(given))
    params.read_literal(_read(given))


def _fit() -> bytes:
    with tempfile.TemporaryDirectory(prefix="leadline-fuzz-") as folder:
        Artefacts(Path(folder), print).write("fit", {"mean": [1.0, 2.0], "n": 3})
        return Path(folder, "fit").read_bytes()


def _artefact(given: Inputs) -> None:
    told: list[str] = []
    with _laid(given) as root:
        found = Artefacts(root, told.append).read("fit")
    if found is None and len(told) != 1:
        raise AssertionError("it is not trusted, and nothing says why")
