"""What a service says, by botocore or by Delta, becomes one sentence."""

import pytest

from leadline.refusal import Refusals

REFUSALS = Refusals("s3://b", "example.com", "b", ("hush",))
DENIED = (
    "Generic S3 error: Error performing PUT http://example.com/b/x in 4ms - Client error with "
    "status 403 Forbidden: <Error><Code>AccessDenied</Code></Error>"
)


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        (DENIED, "example.com refuses, 403 AccessDenied; these keys need the rights", 1),
        (
            "Server returned non-2xx status code: 503 Service Unavailable: <Code>SlowDown</Code>",
            "example.com is busy or away, 503 SlowDown; run this again", 3,
        ),
        ("Generic S3 error: HTTP error: error sending request", "no answer, error sending", 3),
        ("operation timed out", "no answer, timed out", 3),
        ("no credentials in environment", "there are no keys to it; set LEADLINE_STORE_KEY", 1),
        ("status 400 Bad Request: <Code>Odd</Code> of hush", "example.com says 400 Odd, '", 1),
    ],
)  # fmt: skip
def test_a_text_of_deltas_is_understood(text: str, said: str, code: int) -> None:
    error = REFUSALS.told(text)

    assert error is not None
    assert said in str(error)
    assert error.exit_code == code
    assert "hush" not in str(error)


@pytest.mark.parametrize(
    "text", ["Invalid JSON in log record", "status 404 Not Found: <Code>NoSuchKey</Code>"]
)
def test_what_is_no_refusal_is_left(text: str) -> None:
    assert REFUSALS.told(text) is None
