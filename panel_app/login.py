"""The page at which a browser shows a password or a token, and where it forgets that again."""

from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import parse_qs, quote

from panel_app.entrance import Entrance, Guest, cookie_name
from panel_app.turns import Turns

PATHS = ("/login", "/logout")
_LONGEST = 8_192  # bytes of a form
# It stands alone: what is not for everybody, as the frame's style, is behind it.
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Log in · leadline</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><style>
:root {{ color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }}
main {{ max-width: 20rem; margin: 18vh auto; padding: 0 1rem; }}
input, button {{ font: inherit; width: 100%; box-sizing: border-box; padding: .55rem .7rem;
  margin: .3rem 0; border: 1px solid #8886; border-radius: 9px; }}
[role=alert] {{ color: #c0392b; }}
</style></head><body><main><h1>leadline</h1>
{said}<form method="post" action="{action}">{inputs}<button>{does}</button></form>
</main></body></html>
"""
_ASKS = (
    '<label for="secret">Password or token</label>'
    '<input id="secret" name="secret" type="password" autocomplete="current-password" '
    'required autofocus><input type="hidden" name="next" value="{next}">'
)


def address(scope: Any) -> str:
    """Return where to log in, so as to come back to what was asked for."""
    asked = scope["path"] + (f"?{query}" if (query := scope["query_string"].decode()) else "")
    return "/login" if asked == "/" else f"/login?next={quote(asked)}"


async def answered(
    scope: Any,
    receive: Any,
    entrance: Entrance,
    guest: Guest | None,
    tries: Turns,
    who: str,
    note: Callable[[Guest | None, str, str, str], None] = lambda *said: None,
) -> tuple[int, str, list[tuple[str, str]]]:
    """Answer at the two paths: status, page and headers.

    `note` is told who came in, went out, or was not let in, and from where.
    """
    if scope["path"] == "/logout" and scope["method"] == "POST":
        if guest is not None:
            entrance.leave(guest)
            note(guest, who, "logout", "done")
        return 303, "", [("location", "/login"), _cookie(scope, "", 0)]
    if scope["method"] != "POST":
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("next", ["/"])[0]
        return 200, _form(asked, guest), []
    form = parse_qs((await _body(receive)).decode("latin-1"), encoding="utf-8")
    onwards, secret = (form.get(name, [""])[0] for name in ("next", "secret"))
    if wait := tries.take(who):
        note(None, who, "login", "refused")
        said = f"login: too many tries; try again in {wait} s"
        return 429, _form(onwards, None, said), [("retry-after", str(wait))]
    admitted = entrance.admit(secret)
    note(admitted, who, "login", "done" if admitted else "refused")
    if admitted is None:
        return 401, _form(onwards, None, "login: this is no password or token of here"), []
    tries.forget(who)
    held = _cookie(scope, entrance.session(admitted), int(entrance.lasts.total_seconds()))
    return 303, "", [("location", local(onwards)), held]


def local(address: str) -> str:
    """Return an address if it is one of ours, else the first page."""
    is_plain = address.isascii() and address.isprintable() and "\\" not in address
    return address if is_plain and address.startswith("/") and address[1:2] != "/" else "/"


def _form(asked: str, guest: Guest | None, said: str = "") -> str:
    if guest is not None:
        here = f'<p>You are in by {escape(guest.name)}. <a href="/">To the first page</a></p>'
        return _PAGE.format(said=here, action="/logout", inputs="", does="Log out")
    told = f'<p role="alert">{escape(said)}</p>' if said else ""
    inputs = _ASKS.format(next=escape(local(asked)))
    return _PAGE.format(said=told, action="/login", inputs=inputs, does="Log in")


def _cookie(scope: Any, value: str, lasts_s: int) -> tuple[str, str]:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    said = f"{cookie_name(scope)}={value}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Lax"
    return "set-cookie", said + secure


async def _body(receive: Any) -> bytes:
    body: bytes = b""
    while len(body) <= _LONGEST:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body
    return b""
