"""SQL set in the colours of its words, line by line; the style sheet says which."""

from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape
from typing import Any


@lru_cache(256)
def highlighted(sql: str) -> str:
    """Return SQL as HTML, each word in a span of its kind."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter

    body = highlight(sql, _lexer(), HtmlFormatter(nowrap=True))
    return f'<pre class="sql" tabindex="0">{body.strip()}</pre>'


@cache
def _lexer() -> Any:
    from pygments.lexers import PostgresLexer
    from pygments.token import Number

    # It knows no digits in groups.
    number = (r"\d[\d_]*(\.\d+)?(e-?\d+)?\b", Number.Float)
    words = {**PostgresLexer.tokens, "root": [number, *PostgresLexer.tokens["root"]]}
    return type("Lexer", (PostgresLexer,), {"tokens": words})()


def difference(lines: Sequence[str]) -> str:
    """Return the lines of a unified diff; signs say what came and went, and colours too."""
    kinds = {"+": "come", "-": "gone", "@": "where"}
    body = "".join(
        f'<span class="{kinds.get(line[:1], "")}">{escape(line) or " "}\n</span>' for line in lines
    )
    return f'<pre class="diff" tabindex="0">{body}</pre>'
