"""Settings: flags over environment over leadline.toml over defaults."""

from pathlib import Path

import duckdb
import pytest

from leadline.config import read, secrets
from leadline.errors import ConfigError


def written(root: Path, text: str) -> Path:
    (root / "leadline.toml").write_text(text)
    return root


def test_the_nearer_word_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path, 'memory = "1GB"\nthreads = 1\ncontact = "a@b"')
    monkeypatch.setenv("LEADLINE_THREADS", "2")
    monkeypatch.setenv("LEADLINE_CONTACT", "c@d")

    config = read(root, {"contact": "e@f", "memory": None})

    assert (config.memory, config.threads, config.contact) == ("1GB", 2, "e@f")
    assert config.origins["memory"] == "leadline.toml"
    assert config.origins["threads"] == "environment"
    assert config.origins["contact"] == "flag"
    assert config.origins["store"] == "default"


def test_how_it_serves_is_one_table(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^leadline.toml: serve is a table; write \[serve\]$"):
        read(written(tmp_path, "serve = 3"))
    assert read(written(tmp_path, "[serve]\nsql = true")).serve == {"sql": True}


def test_a_store_lies_beside_the_file_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEADLINE_STORE", raising=False)

    assert read(written(tmp_path, "")).store == str(tmp_path / "store")
    assert read(written(tmp_path, 'store = "lake"')).store == str(tmp_path / "lake")
    assert read(written(tmp_path, 'store = "s3://b/p"')).store == "s3://b/p"


def test_a_store_in_the_environment_is_meant_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_STORE", "here")
    monkeypatch.chdir(tmp_path)

    assert read(written(tmp_path / ".", "")).store == str(tmp_path / "here")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('stroe = "x"', "unknown key 'stroe'; did you mean 'store'"),
        ("threads = 'two'", "threads is 'two'; it takes a whole number, 0 for one a core"),
        ("threads = true", "threads is 'true'; it takes a whole number, 0 for one a core"),
        ("threads = -1", "threads is '-1'; it takes a whole number, 0 for one a core"),
        ("store = 5", "store is '5'; it takes a folder"),
        ("store = ''", "store is ''; it takes a folder"),
        ("store_cache = '80%'", "store_cache is '80%'; it takes a size such as 10GB, 0 for none"),
        ("store_endpoint = 'a.b'", "store_endpoint is 'a.b'; it takes an address such as https://"),
        ("contact = 5", "contact is '5'; it takes text"),
        ("symbols = 'aapl'", "symbols is 'aapl'; it takes tickers such as AAPL, BRK.B"),
        ("pairs = 'every'", "pairs is 'every'; it takes all, or pairs such as BTC-USDT, ETH-USDT"),
        ("addresses = 5", "addresses says '5'; it takes a host and the one in its place"),
        ('[addresses]\n"ws://a/b" = "ws://c"', "addresses says 'ws://a/b'; it takes a host"),
        ("memory = 8", "memory is '8'; it takes a size such as 8GB"),
        ("memory = 'lots'", "memory is 'lots'; it takes a size such as 8GB"),
        ("params = 5", 'params holds named tables; write [params."options.oi_change"]'),
        ("[rules]\nbig = 5", "rules holds named tables; write [rules.big_sweeps]"),
        ("buckets = 5", "buckets is a table of addresses; write [buckets]"),
        ("[buckets]\nmasive = 'https://a/b'", "buckets has 'masive', which no feed is of; did you"),
        (
            "[buckets]\nmassive = 'flatfiles'",
            "a bucket is 'flatfiles'; it takes an address such as",
        ),
        ("[buckets]\nmassive = 5", "a bucket is '5'; it takes an address such as https://files."),
        ("models = 5", "models holds named tables; write [models.isolation_forest]"),
        ("[models.forrest]", "models has 'forrest', which is none; did you mean 'forest'"),
        ("[models.forest]\nroll = 'x'", "models.forest has no 'roll'; did you mean 'role'"),
        ("[models.forest]\nrole = 'champoin'", "role is 'champoin'; did you mean 'champion'"),
        ("[models.forest]\nrole = 5", "role is '5'; it takes champion or challenger"),
        ("tracking = 5", "tracking is a table; write [tracking]"),
        ("[tracking]\nmlfow = 'x'", "tracking has no 'mlfow'; did you mean 'mlflow'"),
        ("[tracking]\nmlflow = 5", "tracking.mlflow is '5'; it takes an address or a path"),
        ("# one\nstore = \n", ":2: invalid value; mend the line"),
        ("[params", "at end of document); mend the line"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "loaders").mkdir()
    (tmp_path / "loaders" / "massive_option_trades.py").touch()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "forest.py").touch()

    with pytest.raises(ConfigError) as told:
        read(written(tmp_path, text))

    assert said in str(told.value)
    assert "leadline.toml" in str(told.value)


def test_overrides_are_kept_by_view(tmp_path: Path) -> None:
    root = written(tmp_path, '[params."options.oi_change"]\nmin_d_oi_usd = 5')

    assert read(root).params == {"options.oi_change": {"min_d_oi_usd": 5}}


def test_rules_channels_and_schedules_are_kept_by_name(tmp_path: Path) -> None:
    config = read(written(tmp_path, '[rules.big]\nof = "options.sweep"\n[channels.desk]'))

    assert (config.rules, config.channels, config.schedule) == (
        {"big": {"of": "options.sweep"}}, {"desk": {}}, {},
    )  # fmt: skip


DEFAULT = "https://files.massive.com/flatfiles"


@pytest.fixture
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_MASSIVE_KEY_ID", "an id")
    monkeypatch.setenv("LEADLINE_MASSIVE_SECRET", "a secret")


@pytest.mark.usefixtures("_keys")
def test_a_bucket_is_where_the_nearer_word_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = written(tmp_path, '[buckets]\nmassive = "https://files.polygon.io/flat.files/"')
    (root / "loaders").mkdir()
    (root / "loaders" / "massive_option_trades.py").touch()

    own = read(root).bucket("massive", DEFAULT)
    monkeypatch.setenv("LEADLINE_MASSIVE_BUCKET", "http://127.0.0.1:9000/here")
    named = read(root).bucket("massive", DEFAULT)
    monkeypatch.delenv("LEADLINE_MASSIVE_BUCKET")
    (root / "leadline.toml").unlink()
    default = read(root).bucket("massive", DEFAULT)

    assert [(each.endpoint, each.host, each.bucket) for each in (own, named, default)] == [
        ("https://files.polygon.io", "files.polygon.io", "flat.files"),
        ("http://127.0.0.1:9000", "127.0.0.1:9000", "here"),
        ("https://files.massive.com", "files.massive.com", "flatfiles"),
    ]
    assert default.address == DEFAULT


@pytest.mark.usefixtures("_keys")
def test_the_keys_of_a_bucket_are_shown_to_nobody(tmp_path: Path) -> None:
    place = read(tmp_path).bucket("massive", DEFAULT)

    assert (place.key_id, place.secret) == ("an id", "a secret")
    assert "an id" not in repr(place)
    assert "a secret" not in repr(place)


def test_secrets_that_are_not_there_are_told_by_their_variables() -> None:
    with pytest.raises(ConfigError) as told:
        secrets("massive", "key_id", "secret")

    names = "LEADLINE_MASSIVE_KEY_ID and LEADLINE_MASSIVE_SECRET"
    said = f"massive: it answers nobody without keys; set {names} in the environment"
    assert str(told.value) == said


def test_the_engine_fetches_nothing_from_outside(tmp_path: Path) -> None:
    settings = read(written(tmp_path, 'memory = "1GB"\nthreads = 1')).engine()

    assert settings["autoinstall_known_extensions"] == "false"
    assert settings["memory_limit"] == "1GB"
    assert settings["threads"] == "1"


def test_an_unknown_key_is_told_with_the_file_and_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        read(written(tmp_path, 'stroe = "x"'))

    path = tmp_path / "leadline.toml"
    assert str(told.value) == f"{path}: unknown key 'stroe'; did you mean 'store'"


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "leadline.toml").write_bytes(b'contact = "Jos\xe9"')

    with pytest.raises(ConfigError) as told:
        read(tmp_path)

    assert str(told.value) == f"{tmp_path / 'leadline.toml'}: byte 14 is no UTF-8 text"


def test_a_mistake_in_the_environment_is_told_by_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_THREADS", "many")

    with pytest.raises(ConfigError) as told:
        read(tmp_path)

    said = "threads is 'many'; it takes a whole number, 0 for one a core"
    assert str(told.value) == f"LEADLINE_THREADS: {said}"


def test_a_mistake_in_a_flag_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        read(tmp_path, {"memory": "8 parsecs"})

    said = "memory is '8 parsecs'; it takes a size such as 8GB"
    assert str(told.value) == f"--memory: {said}"


def test_an_unknown_flag_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        read(tmp_path, {"thread": 2})

    assert str(told.value) == "flag: unknown setting 'thread'; did you mean 'threads'"


def test_an_empty_variable_was_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_STORE", "")
    monkeypatch.setenv("LEADLINE_THREADS", "")

    config = read(tmp_path)

    assert (config.store, config.threads) == (str(tmp_path / "store"), 0)
    assert config.origins["store"] == "default"


@pytest.mark.parametrize("size", ["8GB", "8 gb", "8G", "8.5GiB", "80%"])
def test_a_size_that_is_let_through_is_one_that_duckdb_takes(size: str, tmp_path: Path) -> None:
    settings = read(tmp_path, {"memory": size}).engine()

    duckdb.connect(config=dict(settings)).close()


def test_symbols_are_named_by_commas_each_once(tmp_path: Path) -> None:
    assert read(tmp_path, {"symbols": "AAPL, BRK.B,AAPL"}).named_symbols() == ("AAPL", "BRK.B")
    assert read(tmp_path).named_symbols() == ()


def test_pairs_are_named_by_commas_and_a_host_may_be_another(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        'pairs = "BTC-USDT, ETH-USDT"\n[addresses]\n"wss://a.b" = "ws://127.0.0.1:9"',
    )

    config = read(root)

    assert config.named_pairs() == ("BTC-USDT", "ETH-USDT")
    assert read(root, {"pairs": "all"}).named_pairs() == ("all",)
    assert read(tmp_path / "none").named_pairs() == ()
    assert config.moved("wss://a.b/stream?x=y") == "ws://127.0.0.1:9/stream?x=y"
    assert config.moved("wss://a.b?x") == "ws://127.0.0.1:9?x"
    assert config.moved("wss://a.bc/stream") == "wss://a.bc/stream"


def test_a_challenger_is_a_parameter_of_the_view_of_roles(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for name in ("forest", "lof", "net"):
        (tmp_path / "models" / f"{name}.py").touch()
    said = "".join(
        f"[models.{name}]\nrole = '{role}'\n"
        for name, role in (("net", "challenger"), ("forest", "champion"), ("lof", "challenger"))
    )

    found = read(written(tmp_path, said))

    assert found.params == {"curated.model_roles": {"challengers": "lof,net"}}
