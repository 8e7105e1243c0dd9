"""[serve] says how the server is open to others; what would open it to all of them is refused."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline import serving, tokens
from leadline.errors import ConfigError
from leadline.serving import Limits, Rate

HELD = {"LEADLINE_PASSWORD": "correct horse"}


def test_without_a_table_it_is_open_to_this_machine_alone(tmp_path: Path) -> None:
    found = serving.read(tmp_path, {}, {})

    assert (found.is_guarded, found.has_sql, found.rate) == (False, None, Rate(200, 1))
    for host in ("127.0.0.1", "127.8.0.1", "::1", "localhost"):
        found.check(host)
    for host in ("0.0.0.0", "::", "", "192.0.2.1", "nowhere.invalid", "::ffff:192.0.2.1"):
        with pytest.raises(ConfigError) as told:
            found.check(host)
        assert str(told.value) == (
            f"--host: {host} is open to others, and there is no token or password; "
            f"run leadline token new NAME, or set LEADLINE_PASSWORD"
        )


@pytest.mark.parametrize("table", [{"names": "desk.example.com"}, {"proxies": ["127.0.0.1"]}])
def test_a_name_or_a_proxy_lets_others_in_as_a_wide_address_does(
    tmp_path: Path, table: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError, match=r"^leadline.toml: serve.\w+ lets others in, and there"):
        serving.read(tmp_path, table, {}).check("127.0.0.1")
    serving.read(tmp_path, table, HELD).check("127.0.0.1")


def test_a_token_or_a_password_opens_it_wider(tmp_path: Path) -> None:
    table = {"tokens": "held"}
    tokens.new(tmp_path / "held", "desk")
    serving.read(tmp_path, table, {}).check("0.0.0.0")
    serving.read(tmp_path, {}, HELD).check("0.0.0.0")
    tokens.revoke(tmp_path / "held", "desk")
    emptied = serving.read(tmp_path, table, {})

    with pytest.raises(ConfigError, match="no token or password"):
        emptied.check("0.0.0.0")
    assert emptied.is_guarded


def test_every_key_is_read(tmp_path: Path) -> None:
    table = {
        "session": "2h", "rate": "30/m", "names": ["a.example", "b.example"], "sql": True,
        "sql_limit": "5s", "sql_rows": 10, "sql_memory": "256MB", "sql_threads": 2,
        "sql_at_once": 3,
    }  # fmt: skip

    found = serving.read(tmp_path, table, {})

    assert (found.session, found.names) == (timedelta(hours=2), ("a.example", "b.example"))
    assert str(found.rate) == "30 requests a minute"
    assert found.has_sql
    assert found.limits == Limits(timedelta(seconds=5), 10, "256MB", 2, 3)
    assert serving.read(tmp_path, {"rate": "none"}, {}).rate is None


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"tokns": "x"}, "unknown key 'serve.tokns'; did you mean 'tokens'"),
        ({"tokens": 3}, 'serve has tokens = 3; write tokens = "tokens" below [serve]'),
        ({"rate": "fast"}, 'serve.rate is \'fast\'; it takes such as "50/s", "1000/m", "none"'),
        ({"rate": "0/s"}, "serve.rate is '0/s'; it takes such as"),
        ({"session": "never"}, "serve.session is 'never'; it takes a stretch of time such as 12h"),
        ({"names": "*"}, "serve.names is '*'; it takes a name or a list of names such as"),
        ({"proxies": "*"}, "serve.proxies is '*'; it takes addresses of proxies such as 127.0.0.1"),
        ({"sql": "yes"}, "serve.sql is 'yes'; it takes true or false"),
        ({"sql_rows": 0}, "serve.sql_rows is 0; it takes a number from 1 to"),
        ({"sql_memory": "all"}, "serve.sql_memory is 'all'; it takes a size such as 1GB"),
        ({"sql_limit": ""}, "serve.sql_limit is ''; it takes a stretch of time such as 10s"),
    ],
)
def test_a_key_that_can_not_be_used_is_told(
    tmp_path: Path, table: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError) as told:
        serving.read(tmp_path, table, {})

    assert str(told.value).startswith(f"leadline.toml: {said}")


def test_a_secret_in_the_settings_is_refused_and_not_shown(tmp_path: Path) -> None:
    made = tokens.new(tmp_path / "held", "desk")
    for table in ({"password": "hunter2hunter2"}, {"tokens": made}):
        with pytest.raises(ConfigError, match=r"which is a secret|is a token itself") as told:
            serving.read(tmp_path, table, {})
        assert made not in str(told.value)
        assert "hunter2" not in str(told.value)


def test_a_password_comes_from_the_environment_or_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("correct horse\n")
    path.chmod(0o600)
    held = serving.read(tmp_path, {"password_file": "secret"}, {})
    first = held.password()
    path.write_text("battery staple\n")
    second = held.password()
    path.chmod(0o644)

    assert (first, second) == ("correct horse", "battery staple")
    assert serving.read(tmp_path, {}, HELD).password() == "correct horse"
    assert "horse" not in repr(held)
    with pytest.raises(ConfigError, match="others may read it; chmod 600 it"):
        held.password()
    with pytest.raises(ConfigError, match="LEADLINE_PASSWORD: 4 letters can be guessed"):
        serving.read(tmp_path, {}, {"LEADLINE_PASSWORD": "abcd"})
    with pytest.raises(ConfigError, match="No such file or directory; write the password into it"):
        serving.read(tmp_path, {"password_file": "none"}, {})


@pytest.mark.parametrize(
    ("table", "host", "may"),
    [
        ({}, "127.0.0.1", True), ({}, "localhost", True), ({}, "0.0.0.0", False),
        ({"sql": False}, "127.0.0.1", False), ({"sql": True}, "0.0.0.0", True),
        ({"names": ["desk.example.com"]}, "127.0.0.1", False),
        ({"proxies": ["127.0.0.1"]}, "127.0.0.1", False),
        ({"tokens": "tokens"}, "127.0.0.1", False),
        ({"tokens": "tokens", "sql": True}, "127.0.0.1", True),
    ],
)  # fmt: skip
def test_unless_it_is_said_who_sits_at_this_machine_alone_asks_sql(
    tmp_path: Path, table: dict[str, Any], host: str, may: bool
) -> None:
    (tmp_path / "tokens").write_text("")
    (tmp_path / "tokens").chmod(0o600)

    assert serving.read(tmp_path, table, {}).lets_ask(host) == may
