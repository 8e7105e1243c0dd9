"""Changes what a parser is given: by its bytes, and by what it is made of.

All chance comes out of the Random that is handed in, so that a seed tells the whole change.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

ODD = (
    "", " ", "0", "-0", "-1", "1", "null", "NULL", "NaN", "nan", "inf", "-inf", "Infinity",
    "1e308", "1e309", "-1e-320", "1e99999", "9223372036854775807", "9223372036854775808",
    "-9223372036854775809", "2147483648", "18446744073709551616", "9" * 40, "9" * 5_000, "0x10",
    "1_000", "1,000", "1.5.5", "٣", "１２", "true", "False", "None", "N/A", "-", ".", "+",
    "0001-01-01", "9999-12-31", "2024-02-30", "2024-13-45", "10000-01-01", "-0001-01-01",
    "1969-12-31", "00000000", "99991231", "20240230", "1900-01-01T00:00:00Z",
    "2024-03-01T25:61:61Z", "9999-12-31T23:59:59.999999Z", "253402300800000", "-62135596800001",
    "1e18", "24:00:00", "2024-03-01 00:00:00+99:99", "'", '"', '""', "\\", "\\u0000", "\x00",
    "\r", "\n", "\r\n", "\t", "\x1a", "\ufeff", "\u202e", 
    "é" * 300, "A" * 70_000, "%s%n", "{}", "[]", "[1]", "<a>", "&amp;", "&x;", "]]>", "../../x",
    "/dev/null", "'; drop table loads; --", "$1", "getvariable('x')", "=1+1", "😀",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**30, 10**400, 0.1, -0.0,
    1e308, float("nan"), float("inf"), float("-inf"), [], {}, [[]], [None], {"": None}, [0] * 50,
    253402300800000, -62135596800001, 1e18,
)  # fmt: skip
BYTES = (
    b"\x00", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b",
    b"\r", b"\n", b"\r\n", b'"', b"'", b",", b"|", b"\t", b"<", b">", b"{", b"[", b"PK\x03\x04",
)  # fmt: skip
ENTITY = b'<!ENTITY c%d "%s">'
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "%s">' % (b"x" * 100)
BOMB += b"".join(ENTITY % (n, (b"&c%d;" % (n - 1) if n else b"&b;") * 10) for n in range(9)) + b"]>"


def mutated(content: bytes, chance: Random) -> bytes:
    """Return the content with one to three things changed."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        kind = chance.choice(_kinds(content))
        content = kind(content, chance)
    return content


def one_field(content: bytes, chance: Random) -> bytes | None:
    """Return delimited text with one field of one line below the first changed; no line goes."""
    lines = content.decode(errors="replace").splitlines(keepends=True)
    places = [n for n in range(1, len(lines)) if lines[n].strip()]
    if not places:
        return None
    place = chance.choice(places)
    text = lines[place].rstrip("\r\n")
    delimiter = _delimiter(text)
    fields = text.split(delimiter)
    own = chance.randrange(len(fields))
    plain = [each for each in ODD if not set(each) & set('\r\n"\x00,|\t') and delimiter not in each]
    fields[own] = chance.choice(plain)
    lines[place] = delimiter.join(fields) + lines[place][len(text) :]
    return "".join(lines).encode()


def _kinds(content: bytes) -> list[Callable[[bytes, Random], bytes]]:
    """Return what can be done with it; what knows its form is done more often."""
    if content.startswith(b"PK\x03\x04"):
        return [_zip, _zip, _zip, _bytes]
    start = content[:2_000].lstrip()
    if start[:1] in (b"{", b"["):
        return [_json, _json, _json, _json_lines, _bytes]
    kinds: list[Callable[[bytes, Random], bytes]] = [_lines, _lines, _lines, _bytes]
    if b"{" in start:
        kinds += [_json_lines] * 4
    if b"<" in start:
        kinds += [_xml] * 4
    if b"=" in start or b":" in start:
        kinds += [_words] * 3
    return kinds


def _bytes(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    to = min(len(content), at + chance.choice((1, 1, 2, 8, 100)))
    how = chance.randrange(7)
    if how == 0:
        return content[:at]
    if how == 1:
        return content[:at] + content[to:]
    if how == 2:
        return content[:at] + chance.choice(BYTES) + content[at:]
    if how == 3:
        return content[:at] + chance.randbytes(to - at) + content[to:]
    if how == 4:
        return content[:to] + content[at:]
    if how == 5:
        return chance.choice(BYTES) + content
    return content[:at] + chance.choice(ODD).encode() + content[to:]


def _delimiter(line: str) -> str:
    return max("|\t,;^ ", key=lambda each: (1 if each == " " else 2) * line.count(each))


def _lines(content: bytes, chance: Random) -> bytes:
    lines = content.split(b"\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.randrange(12)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(other, lines[at])
    elif how == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif how == 3:
        lines.insert(at, lines[0])
    elif how == 4:
        return content.replace(b"\n", b"\r\n")
    elif how == 5:
        lines = lines[:1]
    elif how == 6:
        lines.insert(at, b"")
    else:
        lines[at] = _fields(lines[at].decode("utf-8", "surrogateescape"), chance, how)
    return b"\n".join(lines)


def _fields(line: str, chance: Random, how: int) -> bytes:
    delimiter = _delimiter(line)
    fields = line.split(delimiter)
    own, other = chance.randrange(len(fields)), chance.randrange(len(fields))
    if how == 7:
        del fields[own]
    elif how == 8:
        fields.insert(own, fields[other])
    elif how == 9:
        fields[own], fields[other] = fields[other], fields[own]
    else:
        fields[own] = chance.choice(ODD)
    return delimiter.join(fields).encode("utf-8", "surrogateescape")


def _words(content: bytes, chance: Random) -> bytes:
    """Change a word or what stands for it behind a sign."""
    text = content.decode("utf-8", "surrogateescape")
    found = list(re.finditer(r'"[^"\n]*"|[\w.+-]+', text))
    if not found:
        return _bytes(content, chance)
    own, other = chance.choice(found), chance.choice(found)
    odd = chance.choice(ODD)
    said = chance.choice((odd, other.group(), "", f"'{odd}'", f'"{odd}"', "-1", "9" * 20))
    return (text[: own.start()] + said + text[own.end() :]).encode("utf-8", "surrogateescape")


def _xml(content: bytes, chance: Random) -> bytes:
    tags = list(re.finditer(rb"<[^<>]*>", content))
    if not tags:
        return _bytes(content, chance)
    own, other = chance.choice(tags), chance.choice(tags)
    how = chance.randrange(8)
    if how == 0:
        return content[: own.start()] + content[own.end() :]
    if how == 1:
        return content[: own.end()] + other.group() + content[own.end() :]
    if how == 2:
        start, end = sorted((own.start(), other.end()))
        return content[:end] + content[start:end] + content[end:]
    if how == 3:
        start, end = sorted((own.start(), other.end()))
        return content[:start] + content[end:]
    if how == 4:
        begin = content.find(b"<?xml")
        end = content.find(b"?>", begin) + 2 if begin >= 0 else own.start()
        return content[:begin] + BOMB + content[end:].replace(b">0<", b">&c8;<", 3)
    if how == 5:
        deep = chance.choice((10, 20_000))
        return content[: own.end()] + b"<a>" * deep + b"</a>" * deep + content[own.end() :]
    end = content.find(b"<", own.end())
    end = end if end >= 0 else len(content)
    return content[: own.end()] + chance.choice(ODD).encode() + content[end:]


def _json_lines(content: bytes, chance: Random) -> bytes:
    lines = content.split(b"\n")
    places = [n for n, line in enumerate(lines) if re.search(rb"[{\[]", line)]
    if not places:
        return _bytes(content, chance)
    place = chance.choice(places)
    match = re.search(rb"[{\[]", lines[place])
    assert match
    lines[place] = lines[place][: match.start()] + _json(lines[place][match.start() :], chance)
    return b"\n".join(lines)


def _json(content: bytes, chance: Random) -> bytes:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return _bytes(content, chance)
    places: list[tuple[Any, Any]] = []
    todo = [said]
    while todo and len(places) < 20_000:
        held = todo.pop()
        keys = list(held) if isinstance(held, dict) else range(len(held))
        for key in keys:
            places.append((held, key))
            if isinstance(held[key], dict | list):
                todo.append(held[key])
    if not places:
        return json.dumps(chance.choice(VALUES)).encode()
    held, key = chance.choice(places)
    _change(held, key, chance.choice(places), chance)
    try:
        text = json.dumps(said)
    except (ValueError, RecursionError):  # it holds itself
        return _bytes(content, chance)
    deep = chance.choice((100, 50_000))
    return text.replace('"@deep"', "[" * deep + "]" * deep).encode()


def _change(held: Any, key: Any, other: tuple[Any, Any], chance: Random) -> None:
    how = chance.randrange(8)
    if how == 0:
        del held[key]
    elif how == 1 and isinstance(held, list):
        held.insert(key, held[chance.randrange(len(held))])
    elif how == 2 and isinstance(held, dict):
        held[chance.choice(ODD)] = held.pop(key)
    elif how == 3:
        held[key] = json.loads(json.dumps(other[0][other[1]]))
    elif how == 4:
        held[key] = chance.choice(ODD)
    elif how == 5 and not isinstance(held[key], dict | list):
        held[key] = str(held[key])
    elif how == 6:
        held[key] = chance.choice(("@deep", [held[key]], {"a": held[key]}))
    else:
        held[key] = chance.choice(VALUES)


def _zip(content: bytes, chance: Random) -> bytes:
    """Change a member, or its name, or how often it is there."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as found:
            members = [(part.filename, found.read(part)) for part in found.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError, EOFError):
        return _bytes(content, chance)
    if not members:
        return _bytes(content, chance)
    at = chance.randrange(len(members))
    name, text = members[at]
    how = chance.randrange(10)
    if how == 0:
        del members[at]
    elif how == 1:
        members[at] = (_renamed(name, chance), text)
    elif how == 2:
        members.append((_renamed(name, chance), text))
    else:
        members[at] = (name, mutated(text, chance))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for own, body in members:
            info = zipfile.ZipInfo(own.replace("\x00", "") or "x", (2020, 1, 1, 0, 0, 0))
            target.writestr(info, body)
    return packed.getvalue()


def _renamed(name: str, chance: Random) -> str:
    words = name.split(chance.choice("_./"))
    words[chance.randrange(len(words))] = chance.choice(ODD)[:100]
    return "_".join(words)
