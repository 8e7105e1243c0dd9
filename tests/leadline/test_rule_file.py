"""A rule is saved whole, and never over a file that somebody else has changed."""

from pathlib import Path

import pytest

from leadline import rule_file
from leadline.errors import ConfigError
from tests.desks import small_desk

SWEEPS = 'of = "prices.high"\nkey = ["entity"]\n'


def test_a_rule_is_saved_and_read_back_with_its_mark(tmp_path: Path) -> None:
    saved = rule_file.save(tmp_path, "big", SWEEPS.replace("\n", "\r\n"), "")

    assert (tmp_path / "rules/big.toml").read_text() == SWEEPS
    assert [path.name for path in (tmp_path / "rules").iterdir()] == ["big.toml"]
    assert rule_file.all_of(tmp_path, {}) == {"big": saved}


def test_what_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    saved = rule_file.save(tmp_path, "big", SWEEPS, "")
    (tmp_path / "rules/big.toml").write_text("of = 'another'\n")

    with pytest.raises(ConfigError, match="it was changed meanwhile; open it again"):
        rule_file.save(tmp_path, "big", SWEEPS, saved.mark)
    with pytest.raises(ConfigError, match="there is such a rule already"):
        rule_file.save(tmp_path, "big", SWEEPS, "")
    assert (tmp_path / "rules/big.toml").read_text() == "of = 'another'\n"


def test_a_rule_that_is_off_is_no_rule_until_it_is_on_again(tmp_path: Path) -> None:
    saved = rule_file.save(tmp_path, "big", SWEEPS, "")
    rule_file.switch(tmp_path, "big", saved.mark, is_on=False)
    off = rule_file.all_of(tmp_path, {})["big"]

    assert (off.is_on, list((tmp_path / "rules").glob("*.toml"))) == (False, [])
    with pytest.raises(ConfigError, match="it is so already"):
        rule_file.switch(tmp_path, "big", saved.mark, is_on=False)
    rule_file.switch(tmp_path, "big", saved.mark, is_on=True)
    assert rule_file.all_of(tmp_path, {})["big"] == saved


def test_rules_of_the_settings_are_shown_as_text(tmp_path: Path) -> None:
    table = {"of": "prices.high", "key": ["entity"], "where": 'headline = "x"'}
    (found,) = rule_file.all_of(tmp_path, {"high": table}).values()

    assert found.is_setting
    assert rule_file.parsed("high", found.text).table == table


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("../etc", "", "name: '../etc' is no name of a rule; write it as big_sweeps"),
        ("Big", "", "is no name of a rule"),
        ("big", "of = ", "rules/big.toml: invalid value"),
    ],
)
def test_what_is_no_rule_is_not_saved(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        rule_file.save(tmp_path, name, text, "")

    assert said in str(error.value)
    assert not (tmp_path / "rules").exists()


def test_each_mistake_has_a_sentence(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    text = 'of = "prices.high"\nwhere = "scor > 3"\nfoo = 1\nkeep = "soon"\nchannels = ["me"]\n'

    with desk.warehouse() as house:
        found = rule_file.mistakes(rule_file.parsed("big", text), house, ["desk"])
        none = rule_file.mistakes(rule_file.parsed("big", SWEEPS), house, [])
        view = rule_file.mistakes(rule_file.parsed("big", 'of = "prices.hgh"'), house, [])

    assert [each.split(" is ")[0].split(" says ")[0] for each in found] == [
        "rules/big.toml: unknown key 'foo'; did you mean 'for'",
        "rules/big.toml: where", "rules/big.toml: keep", "rules/big.toml: channels",
    ]  # fmt: skip
    assert none == []
    assert view == [
        "rules/big.toml: of is 'prices.hgh', which is no view; did you mean 'prices.high'"
    ]
