"""What Lean's archives of options have in common: a member is one contract, told by its name.

A zip is read as one text, so each line begins with its member's name. Prices and strikes are ten
thousandths of a dollar. A bar of quotes leaves a side empty where nobody quoted, or where no change
of it was seen: the size beside it is 0 then, and says nothing.
"""

from loaders import _osi

DATASETS = {
    "trade": "option_bars", "quote": "option_quote_bars", "openinterest": "open_interest",
}  # fmt: skip
PART = "0.0001"  # of a dollar

_SIDES = ("bid", "ask")
_PRICES = ("open", "high", "low", "close")
_FIELDS = {
    "trade": (*_PRICES, "volume"),
    "quote": tuple(f"{side}_{name}" for side in _SIDES for name in (*_PRICES, "size")),
    "openinterest": ("open_interest",),
}


def columns(kind: str, stamp: str) -> str:
    """Return the columns of a kind's lines; their stamp is of this type."""
    fields = [f"{name} decimal(18, 4)" for name in _FIELDS[kind]]
    return ", ".join(["member text", f"stamp {stamp}", *fields])


def described(begin: str, kind: str, style: str) -> str:
    """Return SQL for the steps up to `described`, which are `lines`, each with its contract.

    A member whose name does not begin so, or is not of this kind and style, stops the load.
    """
    pattern = rf"^{begin}_{kind}_{style}_(call|put)_(\d+)_(\d{{8}})\.csv$"
    return f"""
named as (
    select
        *,
        regexp_extract(member, '{pattern}', ['ticker', 'put_call', 'strike', 'day']) as said
    from lines
),

parted as (
    select
        * exclude (said),
        case
            when said.ticker <> '' then replace(upper(said.ticker), '.', '')
            else error('member ''' || member || ''' is named as no contract; mend the loader')
        end as root,
        said.put_call,
        try_cast(said.strike as decimal(18, 4)) * {PART} as strike,
        cast(try_strptime(said.day, '%Y%m%d') as date) as expiration
    from named
),

described as (
    select *, {_osi.composed("root", "expiration", "put_call", "strike")} as contract
    from parted
)
"""


def bars(kind: str, length: str) -> str:
    """Return SQL for the columns of a bar of trades or quotes, but its moments, of `described`."""
    measured = []
    for name in _FIELDS[kind]:
        side, _, what = name.rpartition("_")
        if what in _PRICES:
            measured.append(f"{name} * {PART} as {name}")
        elif what == "size":
            measured.append(f"case when {side}_close is not null then {name} end as {name}")
        else:
            measured.append(name)
    told = f"contract, '{length}' as bar, root, expiration, strike, put_call"
    return ", ".join([told, *measured])
