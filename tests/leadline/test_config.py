"""Settings: flags over environment over leadline.toml over defaults."""

from pathlib import Path

import pytest

from leadline.config import read
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
        ("threads = 'two'", "threads is 'two'; it takes a whole number"),
        ("threads = true", "threads is 'True'; it takes a whole number"),
        ("store = 5", "store is '5'; it takes text"),
        ("params = 5", "params holds tables of overrides"),
        ("store = ", "mend the line"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as told:
        read(written(tmp_path, text))

    assert said in str(told.value)
    assert "leadline.toml" in str(told.value)


def test_overrides_are_kept_by_view(tmp_path: Path) -> None:
    root = written(tmp_path, '[params."options.oi_change"]\nmin_d_oi_usd = 5')

    assert read(root).params == {"options.oi_change": {"min_d_oi_usd": 5}}


def test_the_engine_fetches_nothing_from_outside(tmp_path: Path) -> None:
    settings = read(written(tmp_path, 'memory = "1GB"\nthreads = 1')).engine()

    assert settings["autoinstall_known_extensions"] == "false"
    assert settings["memory_limit"] == "1GB"
    assert settings["threads"] == "1"
