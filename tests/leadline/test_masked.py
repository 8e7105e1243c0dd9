"""What looks like a secret is taken out of a text, and other text stays as it is."""

import pytest

from leadline.masked import masked

# Put together here, so that no scan of secrets finds one in this file.
AWS_ID = "AKIA" + "IOSFODNN7EXAMPLE"
JWT = "eyJhbGciOiJIUzI1NiJ9" + "." + "eyJzdWIiOiIxMjM0NTYifQ" + ".c2lnbmF0dXJl"
SLACK = "hooks.slack.com/services/" + "T0/B0/" + "x" * 24
TOKEN = "leadline_" + "aB3-" * 10


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"select '{TOKEN}'", TOKEN),
        (f"key {AWS_ID} here", AWS_ID),
        ("s3://ann:" + "hunter2" + "@host/x", "hunter2"),
        ("Authorization: Bearer " + "abc.def-123456", "abc.def-123456"),
        (f"https://{SLACK}", "T0/B0"),
        ("https://discord.com/api/webhooks/12/" + "y" * 30, "y" * 30),
        (f"cookie {JWT};", JWT),
        ("?AWSAccessKeyId=" + "abc&Signature=" + "def%3D", "def%3D"),
        ("where password = '" + "hunter22'", "hunter22"),
        ('{"api_key": "' + 'k-12345"}', "k-12345"),
        ("aws_secret_access_key=" + "wJalrXUtnFEMI", "wJalrXUtnFEMI"),
        ("-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE", "MIIE"),
    ],
)
def test_a_secret_is_a_mark(text: str, secret: str) -> None:
    assert secret in text

    assert secret not in masked(text, {})
    assert "…" in masked(text, {})


@pytest.mark.parametrize(
    "text",
    [
        "select token_count, password_age from curated.option_prints where key = 'AAPL'",
        "s3://bucket/prefix", "https://example.com/a@b", "leadline_warehouse", "sql/views/x.v1.sql",
    ],
)  # fmt: skip
def test_other_text_stays(text: str) -> None:
    assert masked(text, {}) == text


def test_what_the_environment_holds_is_known_wherever_it_stands() -> None:
    held = {
        "LEADLINE_PASSWORD": "correct horse", "LEADLINE_TOKENS": "desk=" + "t" * 24,
        "AWS_SECRET_ACCESS_KEY": "s" * 40, "HOME": "/home/ann", "SHORT_KEY": "ab",
    }  # fmt: skip

    said = masked(f"/home/ann ab: correct horse, {'t' * 24} and {'s' * 40}", held)

    assert said == "/home/ann ab: …, … and …"
