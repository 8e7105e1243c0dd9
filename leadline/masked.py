"""Takes what looks like a secret out of a text that is kept or shown."""

import os
import re
from collections.abc import Mapping

MASK = "…"
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:SECRETS?|PASSWORD|TOKENS?|KEY|CREDENTIALS?)(?:$|_)", re.IGNORECASE
)
_SHORTEST = 8  # letters; what is shorter stands in texts by chance
_KNOWN = re.compile(
    r"""
      leadline_[A-Za-z0-9_-]{20,}                      # tokens that leadline makes
    | (?:AKIA|ASIA)[A-Z0-9]{16}                        # ids of AWS keys
    | (?<=://)[^/@\s'"]+:[^/@\s'"]+(?=@)               # a user and his password in an address
    | (?<=Bearer\ )[A-Za-z0-9._~+/=-]{8,}              # what stands in a header
    | (?<=hooks\.slack\.com/services/)[A-Za-z0-9/_-]+  # webhooks, whose address is the secret
    | (?<=discord\.com/api/webhooks/)[A-Za-z0-9/_-]+
    | eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*  # a signed token of the web
    | (?:(?<=AWSAccessKeyId=)|(?<=Signature=))[^&\s'"]+  # a signed address
    | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z\ ]*PRIVATE\ KEY-----|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
# name = 'value' in SQL, name=value in an address, "name": "value" in JSON
_SAID = re.compile(
    r"""\b((?:[a-z]+_)*(?:password|passwd|secret|secret_?key|secret_access_key|api_?key|token)
    ["']?\s*(?:=|:)\s*["']?)([^\s"'&,;)]{4,})""",
    re.VERBOSE | re.IGNORECASE,
)


def masked(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the text with `…` for each secret: by its form, its name, or the environment's own."""
    for value in _own(environment):
        text = text.replace(value, MASK)
    return _SAID.sub(rf"\1{MASK}", _KNOWN.sub(MASK, text))


def _own(environment: Mapping[str, str]) -> list[str]:
    """Return the secrets that the environment holds, the longest first."""
    found = set[str]()
    for name, value in environment.items():
        if _SECRET_NAME.search(name):
            # LEADLINE_TOKENS holds several, each with its holder's name.
            found |= {value, *(part.partition("=")[2].strip() for part in value.split(","))}
    return sorted((each for each in found if len(each) >= _SHORTEST), key=len, reverse=True)
