"""OSI symbols both ways: what a US option contract is called, in Python and in SQL.

A symbol is read from its right: 8 digits of the strike in thousandths, C or P, 6 of the date, and
the rest is the root, with or without the blanks that pad it to 6 places.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

_SYMBOL = re.compile(r"(?P<root>[A-Z0-9.]{1,6}) *(?P<day>\d{6})(?P<right>[CP])(?P<strike>\d{8})")
_RIGHTS = {"C": "call", "P": "put"}
_NOTHING = dict.fromkeys(("root", "expiration", "strike", "put_call"))


def parts(symbol: str) -> Mapping[str, object]:
    """Return root, expiration, strike and put_call; all None where it is no OSI symbol.

    So the row that it comes from is set aside by its contract, and the others load.
    """
    found = _SYMBOL.fullmatch(symbol)
    if found is None:
        return _NOTHING
    try:
        expiration = datetime.strptime(f"20{found['day']}", "%Y%m%d").date()
    except ValueError:
        return _NOTHING
    return {
        "root": found["root"],
        "expiration": expiration,
        "strike": Decimal(found["strike"]).scaleb(-3),
        "put_call": _RIGHTS[found["right"]],
    }


def symbol(root: str, expiration: date, put_call: str, strike: Decimal) -> str:
    """Return the symbol without padding; raise a ValueError where it cannot say the strike."""
    try:
        thousandths = (strike * 1_000).to_integral_exact()
        if thousandths != strike * 1_000 or not 0 < thousandths < 100_000_000:
            raise InvalidOperation
    except InvalidOperation as error:
        raise ValueError(f"no OSI symbol has a strike of {strike}") from error
    right = {"call": "C", "put": "P"}[put_call]
    return f"{root}{expiration:%y%m%d}{right}{int(thousandths):08d}"


def padded(symbol: str) -> str:
    """Return the symbol of 21 characters: its root takes 6."""
    return f"{symbol[:-15].rstrip():<6}{symbol[-15:]}"


def columns(symbol: str) -> str:
    """Return SQL for the columns root, expiration, strike and put_call of a symbol, itself SQL.

    Each is null where that part is none, so that the contract sets the row aside.
    """
    return f"""
    nullif(rtrim(left({symbol}, greatest(length({symbol}) - 15, 0))), '') as root,
    cast(try_strptime('20' || substr({symbol}, -15, 6), '%Y%m%d') as date) as expiration,
    try_cast(substr({symbol}, -8, 5) || '.' || substr({symbol}, -3) as decimal(18, 8)) as strike,
    case substr({symbol}, -9, 1) when 'C' then 'call' when 'P' then 'put' end as put_call
    """


def composed(root: str, expiration: str, put_call: str, strike: str) -> str:
    """Return SQL for the symbol of these parts, each of them SQL.

    It is null where one is null, or where no symbol can say the strike.
    """
    thousandths = f"({strike} * 1000)"
    return (
        f"case when {thousandths} % 1 = 0 and {thousandths} > 0 and {thousandths} < 100_000_000 "
        f"then {root} || strftime({expiration}, '%y%m%d') "
        f"|| case {put_call} when 'call' then 'C' when 'put' then 'P' end "
        f"|| lpad(cast(cast({thousandths} as bigint) as text), 8, '0') end"
    )
