"""CUSIPs: which are whole, in Python and in SQL, by the check digit at their end.

A digit counts as itself, A to Z as 10 to 35, and * @ # as 36 to 38; every second one counts
double. The ninth makes the sum of all their digits a multiple of ten.
"""

import re

_SHAPE = re.compile(r"[0-9A-Z*@#]{8}[0-9]")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#"


def is_whole(cusip: str) -> bool:
    """Say whether these are nine characters, in capitals, of which the last fits the others."""
    return bool(_SHAPE.fullmatch(cusip)) and cusip[8] == check_digit(cusip[:8])


def check_digit(stem: str) -> str:
    """Return the ninth character of the first eight; raise a ValueError where they are none."""
    total = 0
    for place, character in enumerate(stem):
        worth = _ALPHABET.index(character) * (1 + place % 2)
        total += worth // 10 + worth % 10
    return str(-total % 10)


def condition(cusip: str) -> str:
    """Return SQL that is true of a whole CUSIP, itself SQL, and false or null of all else."""
    digits = " + ".join(
        f"({_worth(cusip, place)} // 10) + ({_worth(cusip, place)} % 10)" for place in range(8)
    )
    return (
        f"(regexp_full_match({cusip}, '{_SHAPE.pattern}') "
        f"and ({digits} + try_cast(substr({cusip}, 9, 1) as integer)) % 10 = 0)"
    )


def _worth(cusip: str, place: int) -> str:
    return f"((position(substr({cusip}, {place + 1}, 1) in '{_ALPHABET}') - 1) * {1 + place % 2})"
