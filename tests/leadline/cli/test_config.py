from pathlib import Path

import pytest

from tests.desks import SmallDesk, run, small_desk


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project."""
    return small_desk(tmp_path / "desk")


def test_config_shows_every_setting_and_where_it_comes_from(desk: SmallDesk) -> None:
    said = 'contact = "me@x.org"\n[params."prices.high"]\nmin_price = 7\n'
    desk.write("leadline.toml", said + '[buckets]\nmassive = "https://a.b/c"\n')
    desk.write("loaders/massive_option_trades.py", "")

    ended = run(desk.root, "--threads", "3", "config")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"project = {desk.root}",
        f"store = '{desk.root / 'store'}'  # default",
        "store_endpoint = ''  # default",
        "store_region = ''  # default",
        "store_cache = '10GB'  # default",
        "store_keys = ''  # default",
        "contact = 'me@x.org'  # leadline.toml",
        "memory = ''  # default",
        "threads = 3  # flag",
        "pairs = ''  # default",
        "symbols = ''  # default",
        "buckets.massive = 'https://a.b/c'  # leadline.toml",
        'params."prices.high".min_price = 7  # leadline.toml',
    ]


def test_config_shows_nothing_of_a_channel_that_may_be_a_secret(desk: SmallDesk) -> None:
    desk.write("leadline.toml", '[channels.bot]\nkind = "apprise"\nurl = "tgram://hunter2"\n')

    ended = run(desk.root, "config")

    assert ended.out.splitlines()[-2:] == [
        "channels.\"bot\".kind = 'apprise'  # leadline.toml",
        'channels."bot".url = …  # leadline.toml',
    ]


def test_a_flag_names_another_store(desk: SmallDesk, tmp_path: Path) -> None:
    desk.prints(("a", 1, "05 15:00"))
    query = ("sql", "select count(*) as n from raw.prints", "--format", "csv")

    own = run(desk.root, *query)
    other = run(desk.root, "--store", tmp_path / "other", *query)

    assert (own.out, other.out) == ('"n"\n1\n', '"n"\n0\n')


def test_config_shows_roles_and_no_key_of_a_tracker(desk: SmallDesk) -> None:
    desk.write("models/forest.py", "")
    said = (
        '[models.forest]\nrole = "champion"\n[tracking]\nmlflow = "https://me:key@ml.example.com"'
    )
    desk.write("leadline.toml", said)

    ended = run(desk.root, "config")

    assert ended.out.splitlines()[-2:] == [
        "tracking.mlflow = 'https://…@ml.example.com'  # leadline.toml",
        "models.\"forest\".role = 'champion'  # leadline.toml",
    ]
