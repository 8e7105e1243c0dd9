"""Whatever a parser is given is read, set aside with a reason, or refused in one sentence."""

import gzip
from pathlib import Path

import pytest

from leadline import project
from leadline.errors import FeedError
from tests.doors import ROOT
from tests.fuzz.parser import Finding, Inputs, Parser, Rows, judged
from tests.fuzz.runs import corpus, kept, parsers, run, seeds, stretch

PER_PARSER = 2  # runs of the slice, beside the soak's hundreds of thousands
FIRST = 20_240_301


@pytest.mark.parametrize("name", parsers())
def test_what_is_right_is_read(name: str) -> None:
    assert seeds(name)


def test_every_loader_of_files_and_every_listener_is_fuzzed() -> None:
    feeds = {name: project.feed(ROOT, name) for name in project.feeds(ROOT)}

    reads = {f"loaders.{name}" for name, module in feeds.items() if hasattr(module, "read")}
    hears = {f"listen.{name}" for name, module in feeds.items() if hasattr(module, "listen")}
    assert reads | hears <= parsers().keys()


@pytest.mark.parametrize(("name", "path"), [*corpus()], ids=lambda said: str(said)[-60:])
def test_what_was_once_a_finding_is_none_any_more(name: str, path: Path) -> None:
    said, _ = judged(parsers()[name], kept(parsers()[name], path))

    assert said


@pytest.mark.parametrize("name", parsers())
def test_changed_inputs_are_read_or_refused(name: str) -> None:
    found = stretch(parsers()[name], FIRST, runs=PER_PARSER).found

    assert {what: seed for what, (seed, *_) in found.items()} == {}


def test_a_seed_tells_the_whole_run() -> None:
    parser = parsers()["loaders.sec_13f"]

    assert [run(parser, 5)[:2] for _ in range(2)] == [run(parser, 5)[:2]] * 2
    assert len({run(parser, seed)[1] for seed in range(20)}) > 15


def stumble(given: Inputs) -> None:
    dict(given)["b"]


def hang(given: Inputs) -> None:
    while True:
        pass


def grow(given: Inputs) -> None:
    held = bytearray(1 << 30)
    held[::4_096] = b"x" * len(held[::4_096])


def mumble(given: Inputs) -> None:
    error = FeedError("a: b")
    error.args = ("a\nb",)
    raise error


@pytest.mark.parametrize(
    ("call", "said", "cpu_s"),
    [
        (stumble, "KeyError", 9), (grow, "the peak of memory rose by", 9),
        (mumble, "no sentence of one line", 9), (hang, "it hangs: over 1 s", 1),
    ],
)  # fmt: skip
def test_what_must_not_be_is_a_finding(call: object, said: str, cpu_s: float) -> None:
    parser = Parser("planted", ({"a": b"1"},), call)  # type: ignore[arg-type]

    with pytest.raises(Finding, match=said):
        judged(parser, parser.sets[0], cpu_s=cpu_s)


def test_a_line_that_is_lost_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(given: Inputs) -> Rows:
        return Rows(sum(line.endswith(b",a") for line in given["a"].split(b"\n")))

    parser = Parser("planted", ({"a": b"n,name\n1,a\n2,a\n3,a\n"},), call)
    monkeypatch.setitem(parsers(), parser.name, parser)

    ends = [run(parser, seed)[2] for seed in range(40)]
    assert any("it loses rows: Rows(loaded=3, aside=0)" in end for end in ends)


def packed(begin: bytes, n_mib: int) -> bytes:
    return gzip.compress(begin + bytes(n_mib << 20), 1)


@pytest.mark.parametrize(
    ("name", "path", "begin"),
    [
        ("sec_13f", "0001234567-24-000002.txt.gz", b"<SEC-DOCUMENT>"),
        ("finra_otc_weekly", "weeklySummary_a.json.gz", b"["),
    ],
)  # fmt: skip
def test_what_unpacks_to_far_more_than_there_is_of_its_kind_is_refused(
    name: str, path: str, begin: bytes
) -> None:
    bomb = packed(begin, 300)
    assert len(bomb) < 2_000_000

    said, _ = judged(parsers()[f"loaders.{name}"], {path: bomb})

    assert said != "read"
