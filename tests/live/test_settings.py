"""A channel's settings are checked when they are read, and a secret is never in leadline.toml."""

from pathlib import Path
from typing import Any

import pytest

from leadline.errors import ConfigError
from live.settings import Settings

OURS = "leadline.toml: channels.desk: it "


def settings(**values: Any) -> Settings:
    return Settings("desk", values, Path("/nowhere"))


def said(error: pytest.ExceptionInfo[ConfigError]) -> str:
    return str(error.value).removeprefix(OURS)


def test_a_key_that_means_nothing_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as error:
        settings(sevrity="high").only(("kind", "severity"))

    assert said(error) == "has 'sevrity', which is no key of it; did you mean 'severity'"


def test_a_word_that_is_none_of_a_few_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as error:
        settings(severity="hihg").one_of("severity", ("low", "high"))

    assert said(error) == "has severity = 'hihg'; it takes low, high; did you mean 'high'"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, 'has no host; write host = "a.b"'),
        ({"host": 5}, 'has host = 5; write host = "a.b"'),
        ({"host": " "}, "has host = ' '; write host = \"a.b\""),
    ],
)
def test_a_text_that_is_missing_is_told(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        settings(**values).text("host", '"a.b"')

    assert said(error) == sentence


@pytest.mark.parametrize("given", [0, 11, True, "3", 2.0])
def test_a_number_out_of_bounds_is_told(given: object) -> None:
    with pytest.raises(ConfigError) as error:
        settings(tries=given).whole("tries", 5, 10)

    assert said(error) == f"has tries = {given!r}; it takes a number from 1 to 10"


def test_a_stretch_and_a_flag_are_read() -> None:
    found = settings(window="90s", resolved=True)

    assert found.stretch("window", "5m").total_seconds() == 90
    assert found.stretch("other", "5m").total_seconds() == 300
    assert (found.flag("resolved"), found.flag("other")) == (True, False)
    for key, given in (("window", "soon"), ("resolved", "yes")):
        with pytest.raises(ConfigError, match=f"has {key} = "):
            settings(**{key: given}).stretch(key, "5m") if key == "window" else settings(
                **{key: given}
            ).flag(key)


def test_a_secret_in_the_file_is_refused_without_being_repeated() -> None:
    with pytest.raises(ConfigError) as error:
        settings(url="tgram://bot/12345").secret("url")

    assert said(error) == (
        "has url, which is a secret; set LEADLINE_CHANNEL_DESK_URL in the environment "
        "and take it out of the file"
    )


def test_a_secret_comes_from_the_usual_variable_or_from_the_one_that_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ConfigError) as error:
        settings().secret("url")
    monkeypatch.setenv("LEADLINE_CHANNEL_DESK_URL", "usual")
    monkeypatch.setenv("MINE", "named\n")

    assert said(error) == "needs a secret; set LEADLINE_CHANNEL_DESK_URL in the environment"
    assert settings().secret("url") == "usual"
    assert settings(url_env="MINE").secret("url") == "named"


def test_the_usual_variable_is_one_that_a_shell_can_set() -> None:
    with pytest.raises(ConfigError, match="set LEADLINE_CHANNEL_MY_OWN_DESK_URL in"):
        Settings("my-own desk", {}, Path()).secret("url")


def test_a_secret_comes_from_a_file_that_nobody_else_may_read(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("tgram://x\n")
    found = Settings("desk", {"url_file": "secret"}, tmp_path)

    path.chmod(0o644)
    with pytest.raises(ConfigError) as error:
        found.secret("url")
    path.chmod(0o600)
    read = found.secret("url")
    path.write_text("\n")

    assert said(error) == "names the file 'secret', which others may read; chmod 600 it"
    assert read == "tgram://x"
    with pytest.raises(ConfigError, match="which is empty"):
        found.secret("url")
    path.unlink()
    with pytest.raises(ConfigError, match="No such file"):
        found.secret("url")
