"""The wheel that is built works where no checkout is, and brings nothing that it should not."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from zipfile import ZipFile

import pytest

from tests.doors import ROOT
from tests.soaks import commit_of, write_page

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
Ended = subprocess.CompletedProcess[str]
Leadline = Callable[..., Ended]


def built(source: Path, into: Path, *kinds: str) -> Path:
    """Build from a folder, with the backend that is installed: nothing is fetched."""
    targets = [word for kind in kinds for word in ("-t", kind)]
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(into), *targets]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (found,) = into.glob("*.whl" if "wheel" in kinds else "*.tar.gz")
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("dist"), "wheel")


@pytest.fixture(scope="module")
def leadline(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Leadline:
    """Return what runs the wheel's leadline in a folder; its libraries are ours."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, with_pip=False)
    site = place / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    with ZipFile(wheel) as file:
        file.extractall(site)
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    env = {name: value for name, value in os.environ.items() if not name.startswith("LEADLINE")}

    def run(folder: Path, *words: str) -> Ended:
        command = [str(place / "bin" / "python"), "-m", "leadline", *words]
        return subprocess.run(command, cwd=folder, env=env, text=True, capture_output=True)

    return run


def test_it_adds_one_name_and_holds_all_that_is_found_by_walking(wheel: Path) -> None:
    with ZipFile(wheel) as file:
        names = file.namelist()

    assert {name.split("/")[0] for name in names} == {"leadline", f"leadline-{VERSION}.dist-info"}
    content = {name.removeprefix("leadline/starter/") for name in names if "/starter/" in name}
    rooms = ("sql", "loaders", "models", "live", "panel_app", "queries")
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *rooms, "leadline.toml"],
        cwd=ROOT, text=True, capture_output=True,
    ).stdout.split()  # fmt: skip
    on_disk = {path for path in tracked if (ROOT / path).is_file()}
    assert content == on_disk or not tracked
    assert not [name for name in names if name.endswith((".pyc", ".png", ".example"))]


def test_its_sdist_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = built(ROOT, tmp_path / "sdist", "sdist")
    with tarfile.open(sdist) as file:
        file.extractall(tmp_path, filter="data")

    again = built(tmp_path / f"leadline-{VERSION}", tmp_path / "wheel", "wheel")

    assert again.read_bytes() == wheel.read_bytes()


def test_it_works_in_an_empty_folder_and_writes_to_it_alone(
    leadline: Leadline, tmp_path: Path
) -> None:
    version, feeds = leadline(tmp_path, "--version"), leadline(tmp_path, "feeds")
    loaded = leadline(tmp_path, "load", "option_codes")
    asked = leadline(tmp_path, "sql", "select count(*) as n from raw.conditions", "--format", "csv")

    assert version.stdout == f"leadline {VERSION}\n"
    assert "sec_13f" in feeds.stdout
    assert (loaded.returncode, asked.returncode) == (0, 0), loaded.stderr + asked.stderr
    assert int(asked.stdout.splitlines()[1]) > 100
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_what_is_ones_own_lies_over_what_it_brings(leadline: Leadline, tmp_path: Path) -> None:
    made = leadline(tmp_path, "new", "detector", "prices.jump")
    (tmp_path / "loaders").mkdir()
    (tmp_path / "loaders" / "acme_codes.py").write_text(
        "from loaders.option_codes import FEED, pull  # one of ours stands on one of theirs\n"
    )
    below = tmp_path / "below"
    below.mkdir()
    settings, feeds = leadline(below, "config"), leadline(below, "feeds")
    loaded = leadline(below, "load", "acme_codes")

    assert made.stdout.splitlines()[0] == "sql/detectors/prices/jump.v1.sql"
    assert settings.stdout.startswith(f"project = {tmp_path.resolve()}\nover = ")
    assert {"acme_codes", "sec_13f"} <= {line.split()[0] for line in feeds.stdout.splitlines()}
    assert loaded.returncode == 0, loaded.stderr
    assert (tmp_path / "store" / "loads").is_dir()


@pytest.mark.soak
def test_a_frozen_view_is_not_changed_by_a_file_of_ones_own(
    leadline: Leadline, tmp_path: Path
) -> None:
    path = "sql/detectors/options/golden_sweep.v1.sql"
    (tmp_path / path).parent.mkdir(parents=True)
    text = (ROOT / path).read_text().replace("1_000_000 as", "2_000_000 as")
    (tmp_path / path).write_text(text)
    (tmp_path / "leadline.toml").touch()

    ended = leadline(tmp_path, "lock")

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{path}: its meaning is frozen and has changed; copy it to ")


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_clean_environment_tells_a_first_alert_within_a_minute(
    wheel: Path, tmp_path: Path
) -> None:
    """Installed from whatever pip is set up to ask; from then on nothing is asked outside."""
    place, folder = tmp_path / "clean", tmp_path / "empty"
    folder.mkdir()
    pip = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "-q",
        "--python",
        str(place / "bin/python"),
    ]
    venv.create(place, with_pip=False)
    subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), str(wheel)], check=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith("LEADLINE")}
    env |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    unshared = ["unshare", "--user", "--map-root-user", "--net"]
    is_cut = subprocess.run([*unshared, "true"], capture_output=True).returncode == 0

    begun = monotonic()
    told: list[str] = []
    with subprocess.Popen(
        [*(unshared if is_cut else []), str(place / "bin" / "leadline"), "demo", "--no-serve"],
        cwd=folder, env=env, text=True, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        took = 0.0
        for line in process.stderr:
            told.append(line)
            if line.startswith("first alert: "):
                took = monotonic() - begun
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0

    cpu = used.ru_utime + used.ru_stime
    load = os.getloadavg()[0]
    where = "without network" if is_cut else "with the network there"
    write_page(
        f"| first alert | the wheel in a clean environment, `leadline demo --no-serve` in an empty "
        f"folder, {where} | | `{commit_of(ROOT)[:12]}` | {cpu:.0f} of CPU | told after "
        f"{took:.0f} s at a load of {load:.0f} on {os.cpu_count()} cores |"
    )
    assert any("read it: leadline --store " in line for line in told), "".join(told)
