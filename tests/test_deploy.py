"""What runs leadline as a service asks for commands that it has, and is built of what it needs."""

import configparser
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from leadline.cli import app
from tests.doors import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path)
    return read


def parses(words: list[str]) -> None:
    """Fail if the command line knows no such command or option; nothing is run."""
    ended = CliRunner().invoke(app, [*words, "--help"])
    assert ended.exit_code == 0, ended.output


def test_services_of_compose_ask_for_what_there_is() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

    assert set(services) == {"serve", "live", "schedule"}
    for service in services.values():
        parses(service["command"])
        assert service["read_only"] is True
        assert service["volumes"] == ["data:/data"]


def test_an_image_is_built_of_all_that_the_wheel_holds() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    named = {*wheel["targets"]["wheel"]["packages"], *wheel["targets"]["wheel"]["force-include"]}

    let = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }

    assert let == named | {"LICENSE", "README.md", "constraints.txt", "pyproject.toml"}


def test_images_have_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert f"image: leadline:{version}\n" in (ROOT / "compose.yaml").read_text()
    assert f"ARG VERSION={version}\n" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("path", UNITS, ids=[path.stem for path in UNITS])
def test_units_ask_for_what_there_is_and_write_to_one_folder(path: Path) -> None:
    service = unit(path)["Service"]

    parses(service["ExecStart"].split()[1:])
    assert service["StateDirectory"] == "leadline"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_has_nothing_to_say_of_the_units(tmp_path: Path) -> None:
    for path in sorted((ROOT / "deploy" / "systemd").iterdir()):
        text = path.read_text().replace("/opt/leadline/bin/leadline", "/bin/true")
        (tmp_path / path.name).write_text(text)

    files = sorted(tmp_path.iterdir())
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], text=True, capture_output=True
    )

    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")
