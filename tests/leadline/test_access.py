"""Keys come from the environment or a file of their owner's, and are shown to nobody."""

from pathlib import Path

import pytest

from leadline.access import access, size_of
from leadline.config import Config
from leadline.errors import ConfigError

OWN = {"LEADLINE_STORE_KEY_ID": "AKEY", "LEADLINE_STORE_SECRET": "hush"}
AWS = {"AWS_ACCESS_KEY_ID": "AWSKEY", "AWS_SECRET_ACCESS_KEY": "quiet", "AWS_SESSION_TOKEN": "tok"}


def written(root: Path, text: str, mode: int = 0o600) -> Config:
    path = root / "keys.toml"
    path.write_text(text)
    path.chmod(mode)
    return Config("s3://b/p", store_keys="keys.toml")


def test_our_own_variables_go_before_a_file_and_that_before_those_of_aws(tmp_path: Path) -> None:
    file = written(tmp_path, 'key_id = "FILE"\nsecret = "still"\n')
    plain = Config("s3://b/p")

    found = [
        access(file, tmp_path, OWN | AWS), access(file, tmp_path, AWS),
        access(plain, tmp_path, AWS), access(plain, tmp_path, {}),
    ]  # fmt: skip

    assert [each.key_id for each in found] == ["AKEY", "FILE", "AWSKEY", ""]
    assert [each.token for each in found] == ["", "", "tok", ""]
    assert not any(each.secret and each.secret in repr(each) for each in found)


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ('key_id = "A"\nsecret = "hush"', 0o644, "others may read it, its mode is 644; chmod 600"),
        ('key_id = "A"\nsecrt = "hush"', 0o600, "unknown key 'secrt'; did you mean 'secret'"),
        ('secret = "hush"', 0o600, "it takes key_id, secret and, where there is one, token"),
        ('key_id = "A"', 0o600, "there is half a key; set both of keys.toml"),
    ],
)
def test_a_file_that_can_not_be_used_is_told(
    tmp_path: Path, text: str, mode: int, said: str
) -> None:
    config = written(tmp_path, text, mode)

    with pytest.raises(ConfigError) as error:
        access(config, tmp_path, {})

    assert said in str(error.value)
    assert "hush" not in str(error.value)


def test_half_a_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        access(Config("s3://b/p"), tmp_path, {"LEADLINE_STORE_SECRET": "hush"})

    assert str(error.value) == (
        "store: there is half a key; set both of LEADLINE_STORE_KEY_ID and LEADLINE_STORE_SECRET"
    )


@pytest.mark.parametrize(
    ("text", "n_bytes"),
    [("0", 0), ("10GB", 10_000_000_000), ("1.5 MB", 1_500_000), ("2KiB", 2_048)],
)
def test_a_size_is_in_bytes(text: str, n_bytes: int) -> None:
    assert size_of(text) == n_bytes
