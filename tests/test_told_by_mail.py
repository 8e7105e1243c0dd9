"""From a row to a mail: the loop, a rule and a channel, as settings alone put them together."""

from pathlib import Path

from tests.desks import run, small_desk
from tests.mails import posting

SETTINGS = """
[rules.high]
of = "prices.high"
where = "score >= 20"
channels = ["me"]

[channels.me]
kind = "email"
host = "127.0.0.1"
port = {port}
security = "none"
from = "leadline <leadline@example.com>"
to = ["me@example.com"]
"""


def test_what_is_crossed_is_one_mail_however_often_the_loop_looks(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.sessions()
    desk.prints(("low", 50, "05 15:00"), ("over", 500, "05 15:01"))

    with posting() as (post, port):
        desk.write("leadline.toml", SETTINGS.format(port=port))
        first = run(desk.root, "live", "--once")
        desk.prints(("again", 60, "05 15:02"), feed="more")
        second = run(desk.root, "live", "--once")

    assert (first.code, second.code) == (0, 0)
    (mail,) = post.mails
    assert post.boxes == [["me@example.com"]]
    assert "over" in str(mail["Subject"])
    assert str(mail["Message-ID"]).startswith("<notice_")
