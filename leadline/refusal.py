"""What a storage service means where it does not do what it was asked: one sentence, and what now.

Delta says it in a text that holds the service's own, botocore in an error with parts.
"""

import re
from dataclasses import dataclass

from leadline.errors import AwayError, StoreError

_BUSY = ("SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "TooManyRequests")
_UNKNOWN = ("InvalidAccessKeyId", "SignatureDoesNotMatch")
_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken")
_ELSEWHERE = ("PermanentRedirect", "AuthorizationHeaderMalformed", "IncorrectEndpoint")
_VARIABLES = "LEADLINE_STORE_KEY_ID and LEADLINE_STORE_SECRET"
_CODE = re.compile(r"<Code>(\w+)</Code>")
_STATUS = re.compile(r"\b(?:status(?: code)?:?|HTTP) (\d{3})\b")
_NO_WAY = re.compile(
    r"error sending request|timed? ?out|connection (?:reset|closed|refused|error)|dns error|"
    r"error decoding response body|request or response body error|HTTP error: request error|"
    r"incomplete|unexpected end|error reading a body",
    re.IGNORECASE,
)
_NO_KEYS = re.compile(
    r"Unable to locate credentials|no credentials|credential provider|CredentialsError|"
    r"credentials were not (?:loaded|provided)|failed to load.*credentials|instance metadata",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Refusals:
    """How to speak of a service: the store's address, its host, its bucket, what is secret."""

    address: str
    host: str
    bucket: str
    secrets: tuple[str, ...] = ()

    def said(self, status: int, code: str, text: str) -> StoreError:
        """Return what an answer means."""
        code = "" if code == str(status) else code
        answer = f"{status or ''} {code}".strip()
        if is_busy(status, code):
            return self.away(answer)
        if code == "NoSuchBucket":
            what = f"{self.host} has no bucket '{self.bucket}'"
            return self._error(f"{what}; make it, or name another store with LEADLINE_STORE")
        if code in _UNKNOWN:
            return self._error(
                f"{self.host} does not know these keys, {answer}; look at {_VARIABLES}"
            )
        if code in _EXPIRED:
            return self._error(
                f"its keys have expired, {answer}; set new ones in {_VARIABLES}, run this again"
            )
        if code == "RequestTimeTooSkewed":
            return self._error(f"{self.host} finds this machine's clock wrong, {answer}; set it")
        if code in _ELSEWHERE or status == 301:
            return self._error(f"the bucket is in another region, {answer}; set store_region")
        if status in (401, 403):
            return self._error(
                f"{self.host} refuses, {answer}; these keys need the rights that docs/s3.md lists"
            )
        if status == 501 or code == "NotImplemented":
            return self._error(
                f"{self.host} takes no conditional puts, {answer}; a store needs one that does"
            )
        for secret in self.secrets:
            text = text.replace(secret, "…")
        return self._error(f"{self.host} says {answer or 'no'}, '{' '.join(text.split())[:120]}'")

    def away(self, why: str) -> AwayError:
        """Return what is said where there was no answer, or none for now."""
        return AwayError(f"{self.address}: {self.host} is busy or away, {why}; run this again")

    def no_keys(self) -> StoreError:
        """Return what is said where nobody gave keys."""
        return self._error(f"there are no keys to it; set {_VARIABLES} in the environment")

    def told(self, text: str) -> StoreError | None:
        """Return what a text of Delta's means; None where it does not speak of the service."""
        code, status = _CODE.search(text), _STATUS.search(text)
        if status and int(status[1]) == 404 and (not code or code[1] == "NoSuchKey"):
            return None  # a file is not there, which is damage and no refusal
        if code or (status and int(status[1]) >= 300):
            return self.said(int(status[1]) if status else 0, code[1] if code else "", text)
        if _NO_KEYS.search(text):
            return self.no_keys()
        if found := _NO_WAY.search(text):
            return self.away(f"no answer, {found[0].lower()}")
        return None

    def _error(self, what: str) -> StoreError:
        return StoreError(f"{self.address}: {what}")


def is_busy(status: int, code: str) -> bool:
    """Say whether an answer is one for now."""
    return code in _BUSY or status in (408, 429, 500, 502, 503, 504)
