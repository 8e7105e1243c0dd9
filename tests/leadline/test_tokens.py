"""A file of tokens lets in who holds one, tells none of them, and is read again when it changes."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from leadline import tokens
from leadline.errors import ConfigError
from leadline.tokens import Tokens


def test_a_token_is_known_by_its_digest_alone_until_it_is_revoked(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    desk, bot = tokens.new(path, "desk"), tokens.new(path, "bot")
    held = Tokens(path, {})
    before = [held.holder(each) for each in (desk, bot, desk[:-1], "")]
    tokens.revoke(path, "bot")

    assert [found and found.name for found in before] == ["desk", "bot", None, None]
    assert held.holder(bot) is None
    assert held.holder(desk) is not None
    assert desk not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len({desk, bot}) == 2
    assert len(desk) > 40


def test_those_who_make_tokens_at_once_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "tokens"

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: tokens.new(path, f"t{n}"), range(12)))

    held = Tokens(path, {})
    assert [held.holder(each).name for each in made] == [  # type: ignore[union-attr]
        f"t{n}" for n in range(12)
    ]


def test_the_environment_holds_whole_tokens() -> None:
    held = Tokens(None, {"LEADLINE_TOKENS": "desk=abcdefghijklmnopqrst, bot=b=cdefghijklmnopqrstu"})

    assert [token.name for token in held.all()] == ["bot", "desk"]
    assert held.holder("b=cdefghijklmnopqrstu").name == "bot"  # type: ignore[union-attr]
    assert "abcdefghijklmnopqrst" not in repr(held.all())


@pytest.mark.parametrize(
    "text", ["desk", "desk=short", "a name=abcdefghijklmnopqrstu", "=" + "x" * 30]
)
def test_what_is_no_token_in_the_environment_is_told_without_it(text: str) -> None:
    with pytest.raises(ConfigError) as told:
        Tokens(None, {"LEADLINE_TOKENS": f"ok=abcdefghijklmnopqrst,{text}"})

    assert str(told.value).startswith("LEADLINE_TOKENS: its token 2 is no NAME=TOKEN of 20 letters")
    assert text not in str(told.value)


def test_a_file_that_can_not_be_used_is_told_without_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    with pytest.raises(ConfigError, match="No such file or directory; leadline token new NAME"):
        Tokens(path, {})
    made = tokens.new(path, "desk")
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="others may read it; chmod 600 it"):
        Tokens(path, {})
    path.chmod(0o600)
    path.write_text(f"{path.read_text()}bot {made} 2024-03-01\n")
    with pytest.raises(ConfigError, match="tokens:2: it is no name, digest and moment") as told:
        Tokens(path, {})

    assert made not in str(told.value)


def test_a_name_is_held_once_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    tokens.new(path, "desk")

    with pytest.raises(ConfigError, match="'desk' is there already; revoke it first"):
        tokens.new(path, "desk")
    with pytest.raises(ConfigError, match="'a desk' is no name"):
        tokens.new(path, "a desk")
    with pytest.raises(ConfigError, match="there is no 'dsek'; did you mean 'desk'"):
        tokens.revoke(path, "dsek")
    with pytest.raises(ConfigError, match=r"'desk' stands in .* too; rename one"):
        Tokens(path, {"LEADLINE_TOKENS": "desk=abcdefghijklmnopqrst"})
