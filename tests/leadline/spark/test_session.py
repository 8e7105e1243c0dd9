import os
import socket
from pathlib import Path

import pytest

from leadline.errors import ConfigError, MissingError, QueryError
from leadline.spark.session import check, said


@pytest.mark.parametrize("master", ["", "lokal", "local[x]", "local[2", "http://head:7077"])
def test_what_is_no_master_is_told_with_what_it_takes(master: str) -> None:
    with pytest.raises(ConfigError, match=r"--master: '.*' is no master of Spark; it takes local"):
        check(master)


def test_a_master_that_does_not_answer_is_worth_another_try() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        master = f"spark://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(QueryError, match=f"{master}: no master of Spark answers there") as told:
        check(master)
    assert told.value.exit_code == 3


def java(folder: Path, says: str) -> Path:
    """Write a Java that says what it is and does nothing else."""
    program = folder / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ('openjdk version "11.0.2" 2019-01-15', "is Java 11; install a JRE, 17 or later"),
        ('java version "1.8.0_292"', "is Java 8; install a JRE, 17 or later"),
        ("no such thing", "is no Java that tells its version; install a JRE"),
    ],
)
def test_an_older_java_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, told: str
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, says)))

    with pytest.raises(MissingError, match=told):
        check("local[2]")


def test_no_java_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match="Java is needed, and it is not on the path"):
        check("local")

    monkeypatch.setitem(os.environ, "JAVA_HOME", "/nowhere")
    with pytest.raises(MissingError, match="JAVA_HOME is /nowhere, where there is none"):
        check("local")


def test_a_java_of_today_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, 'openjdk version "21.0.1" 2023-10-17')))

    check("local[*]")


def test_of_what_spark_says_the_sentence_is_kept() -> None:
    trace = ": org.apache.spark.SparkException: Job aborted due to stage failure: lost.\n\tat org.x"

    assert said(Exception(trace)) == "Job aborted due to stage failure: lost"
    assert said(Exception("[DIVIDE_BY_ZERO.X] Division by zero.\nmore")) == "Division by zero"
    assert said(KeyError()) == "KeyError"
