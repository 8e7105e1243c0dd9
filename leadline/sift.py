"""The SQL that holds rows against their contract, and against what stands already."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadline.contract import Contract
from leadline.errors import FeedError, nearest
from leadline.older import listed
from leadline.quote import literal, named, quoted

BROKEN = "broken contract: "  # how DuckDB's error() is told from its own errors
# A cast from the one to the other rounds without a word.
WHOLE = ("bigint", "integer", "smallint", "tinyint", "hugeint")
TEMPORAL = ("date", "timestamp", "timestamptz", "timestamp with time zone")
BROKEN_UP = ("varchar", "decimal", "double", "float")


def typed(contract: Contract, given: Mapping[str, str], rows: str, feed: str) -> str:
    """Return rows cast to the contract's columns, with `_reason`, null where nothing is wrong.

    `given` is the name and the type of each column that the loader yields; `_row` is what it gave.
    """
    known = [*contract.names, *contract.added]
    for name in given:
        if name not in known:
            raise FeedError(
                f"{feed}: {contract.name} has no column '{name}'{nearest(name, known)}; "
                f"mend the loader"
            )
    needed = [column.name for column in contract.columns if column.is_required]
    for name in (*needed, "known_at"):
        if name not in given:
            raise FeedError(f"{feed}: {contract.name} needs '{name}'; mend the loader")
    casts, reasons = [], []
    wanted = {column.name: column.type for column in contract.columns} | {"known_at": "timestamptz"}
    same = {"timestamp with time zone": "timestamptz"}
    for name, kind in wanted.items():
        if name not in given:
            casts.append(f"cast(null as {kind}) as {named(name)}")
        elif same.get(given[name].lower(), given[name].lower()) == same.get(kind, kind):
            casts.append(f"given.{named(name)}")
        else:
            casts.append(f"try_cast(given.{named(name)} as {kind}) as {named(name)}")
            miscast = f"{named('=' + name)} is null"
            if kind in WHOLE and given[name].lower().startswith(BROKEN_UP):
                exact = f"try_cast(given.{named(name)} as double)"
                miscast += f" or cast({named('=' + name)} as double) is distinct from {exact}"
            reasons.append(
                f"when given.{named(name)} is not null and ({miscast}) then "
                f"{quoted(name + ' is ')} || cast(given.{named(name)} as text) "
                f"|| {quoted(', no ' + kind)}"
            )
            casts.append(f"try_cast(given.{named(name)} as {kind}) as {named('=' + name)}")
    position = "cast(row_number() over () as bigint)"
    if contract.is_event:
        casts.append(f"{'given.sequence' if 'sequence' in given else position} as sequence")
    return (
        f"select {', '.join(casts)}, {position} as _position, "
        f"{_case(reasons)} as _miscast, given as _row from ({rows}) as given"
    )


def judged(contract: Contract, given: Mapping[str, str], rows: str, feed: str) -> str:
    """Return the typed rows with the first reason why each breaks the contract."""
    reasons = ["when _miscast is not null then _miscast"]
    if contract.calendar:
        reasons.append(
            "when session_date is not null and not coalesce("
            f"({contract.calendar}, session_date) in (select (calendar, session_date) "
            "from sessions), false) then 'session_date ' || session_date "
            f"|| ' is no session of ' || coalesce({contract.calendar}, 'none')"
        )
    needed = [column.name for column in contract.columns if column.is_required]
    for name in (*needed, "known_at"):
        reasons.append(f"when {named(name)} is null then {quoted(f'{name} is missing')}")
    kinds = {column.name: column.type for column in contract.columns} | {"known_at": "timestamptz"}
    for name, kind in kinds.items():
        if kind in TEMPORAL:  # DuckDB knows infinite ones and far ones, which little else does
            reasons.append(
                f"when not ({named(name)} between {kind} '0001-01-02' and {kind} '9999-12-30') "
                f"then {quoted(name + ' is ')} || {named(name)} || ', outside the years 1 to 9999'"
            )
    for check in contract.checks:
        said = check.removeprefix("CHECK").strip()
        while said.startswith("(") and said.endswith(")") and _is_wrapped(said):
            said = said[1:-1]
        said = f"({said})" if " OR " in said else said
        reasons.append(f"when not ({said}) then {quoted(f'not {said}')}")
    return f"select *, {_case(reasons)} as _reason from ({typed(contract, given, rows, feed)})"


def streamed(contract: Contract, verdicts: str, feed: str, load_id: str) -> str:
    """Return the rows as they are stored; a row that breaks the contract raises BROKEN."""
    guarded = (
        f"case when _reason is null then known_at else error({quoted(BROKEN)} || _reason) end "
        f"as known_at"
    )
    rows = f"select * replace ({guarded}) from ({verdicts})"
    return stored(contract, rows, feed, load_id)


def stored(contract: Contract, rows: str, feed: str, load_id: str, gone: str = "false") -> str:
    """Return rows with what the store adds: where they come from."""
    own = ", ".join(named(name) for name in contract.names)
    added = f"known_at, {quoted(feed)} as source, {quoted(load_id)} as load_id, {gone} as is_gone"
    if contract.is_event:
        added += ", sequence"
    return f"select {own}, {added} from ({rows})"


def unrepeated(contract: Contract, verdicts: str) -> str:
    """Return the verdicts without rows that say the same again.

    A contradiction gets a reason, and itself as JSON.
    """
    key = ", ".join(named(name) for name in contract.key)
    values = ", ".join(f"{named(n)} := {named(n)}" for n in contract.names if n not in contract.key)
    own = ", ".join(f"{named(n)} := {named(n)}" for n in (*contract.names, "known_at"))
    same = f"(partition by {key}, _reason is null order by _position)"
    return f"""
        select * exclude (nth, first_values, own_values, _reason, _row),
            case when _reason is null and nth > 1
                then to_json(struct_pack({own})) else _row end as _row,
            case when _reason is null and nth > 1
                then 'repeats {", ".join(contract.key)} with other values' else _reason
            end as _reason
        from (
            select *, row_number() over {same} as nth, {_struct(values)} as own_values,
                first_value({_struct(values)}) over {same} as first_values
            from ({verdicts})
        )
        where _reason is not null or nth = 1 or own_values is distinct from first_values
    """


def standing(contract: Contract, files: Sequence[str], loads: Sequence[str]) -> str:
    """Return the newest version of each key that these loads brought, oldest load first."""
    if not files:
        nothing = ", ".join(
            f"cast(null as {kind}) as {named(name)}" for name, kind in contract.stored.items()
        )
        return f"select {nothing} where false"
    own = ", ".join(f"stored.{named(name)}" for name in contract.stored)
    order = ", ".join(f"({quoted(load)}, {n})" for n, load in enumerate(loads))
    key = ", ".join(f"stored.{named(name)}" for name in contract.key)
    return f"""
        select {own}
        from {listed(files, contract.stored)} as stored
        inner join (values {order}) as loads (load_id, place) on stored.load_id = loads.load_id
        qualify row_number() over (partition by {key} order by loads.place desc) = 1
    """


def differences(
    contract: Contract, rows: str, before: str, published_at: datetime, feed: str, load_id: str
) -> str:
    """Return the rows that a changed publication adds to what stands, and a tombstone per key gone.

    `rows` are the judged rows, kept in a table; `before` is what `standing` returned.
    """
    key = " and ".join(f"fresh.{named(n)} = old.{named(n)}" for n in contract.key)
    values = [n for n in contract.names if n not in contract.key]
    differ = " or ".join(f"fresh.{named(n)} is distinct from old.{named(n)}" for n in values)
    known = f"greatest(fresh.known_at, old.known_at, {literal(published_at)})"
    changed = f"""
        select fresh.* replace ({known} as known_at)
        from {rows} as fresh left join ({before}) as old on {key}
        where fresh._reason is null and (old.load_id is null or old.is_gone or {differ or "false"})
    """
    own = ", ".join(
        f"old.{named(n)}" if n in contract.key else f"null as {named(n)}" for n in contract.names
    )
    sequence = ", old.sequence" if contract.is_event else ""
    vanished = f"""
        select {own}, greatest(old.known_at, {literal(published_at)}) as known_at{sequence}
        from ({before}) as old anti join {rows} as fresh on {key}
        where not old.is_gone
    """
    return (
        f"{stored(contract, changed, feed, load_id)} union all by name "
        f"{stored(contract, vanished, feed, load_id, 'true')}"
    )


def _case(reasons: Sequence[str]) -> str:
    return f"case {' '.join(reasons)} end" if reasons else "cast(null as text)"


def _struct(values: str) -> str:
    return f"struct_pack({values})" if values else "true"


def _is_wrapped(text: str) -> bool:
    depth = 0
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0 and place < len(text) - 1:
            return False
    return True
