"""leadline token makes, lists and revokes; a token is shown once, and nowhere else."""

from pathlib import Path

from tests.desks import run, small_desk


def test_a_token_is_made_listed_and_revoked(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.write("leadline.toml", '[serve]\ntokens = "tokens"\n')

    made, again = (run(desk.root, "token", "new", "bot") for _ in range(2))
    listed = run(desk.root, "token", "list", env={"LEADLINE_TOKENS": "env=abcdefghijklmnopqrst"})
    shown = run(desk.root, "config")
    gone, unknown = (run(desk.root, "token", "revoke", "bot") for _ in range(2))

    path = desk.root / "tokens"
    assert made.out.startswith("leadline_")
    assert made.err == f"{path}: holds the digest of 'bot'; the token is shown this once\n"
    assert (again.code, again.err) == (1, "token: 'bot' is there already; revoke it first\n")
    assert listed.out.startswith("bot: made 20")
    assert listed.out.endswith("\nenv: of LEADLINE_TOKENS\n")
    assert "serve.tokens = 'tokens'  # leadline.toml\n" in shown.out
    assert made.out.strip() not in listed.out + shown.out + path.read_text()
    assert gone.err == f"{path}: 'bot' is out\n"
    assert (unknown.code, unknown.err) == (1, "token: there is no 'bot'\n")


def test_a_project_without_a_file_of_tokens_says_how_to_have_one(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")

    made, listed = run(desk.root, "token", "new", "bot"), run(desk.root, "token", "list")

    assert made.err == 'leadline.toml: serve has no tokens; write tokens = "tokens" below [serve]\n'
    assert listed.err == "leadline.toml: no tokens; run leadline token new NAME\n"
