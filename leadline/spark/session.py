"""Starts Spark: a session in UTC, with DuckDB's rules where Spark has a choice."""

import logging
import os
import re
import shutil
import socket
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from leadline.errors import ConfigError, MissingError, QueryError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[2]"
_LOCAL = re.compile(r"local(\[(\d+|\*)(, ?\d+)?\])?")
_MASTER = re.compile(r"(spark|k8s)://\S+|yarn")
_ALONE = re.compile(r"spark://(?P<host>[^:,/\s]+):(?P<port>\d+)")
_OLDEST = 17  # the first Java that Spark 4 runs on
_TAKES = "it takes local[2], spark://host:7077, yarn or k8s://…"
_QUIET = """\
rootLogger.level = off
rootLogger.appenderRef.none.ref = none
appender.none.type = Null
appender.none.name = none
"""
SETTINGS = {
    "spark.app.name": "leadline",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.catalogImplementation": "in-memory",
    # Of views above views it takes longer than what it saves.
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
}


def check(master: str) -> None:
    """Raise a LeadlineError where Spark can't be started, or can't be at this master."""
    if not (_LOCAL.fullmatch(master) or _MASTER.fullmatch(master)):
        raise ConfigError(f"--master: '{master}' is no master of Spark; {_TAKES}")
    if find_spec("pyspark") is None:
        raise MissingError("spark: pyspark is not installed; pip install 'leadline[spark]'")
    _check_java()
    for host, port in _ALONE.findall(master):
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
        except (OSError, OverflowError) as error:
            raise QueryError(
                f"{master}: no master of Spark answers there; start it, or name another with "
                f"--master",
                try_again=True,
            ) from error


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if not java or not Path(java).exists():
        where = f"JAVA_HOME is {home}, where there is none" if home else "it is not on the path"
        raise MissingError(f"spark: Java is needed, and {where}; install a JRE, 17 or later")
    asked = [java, "-version"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stderr  # noqa: S603
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if not version or int(version[1]) < _OLDEST:
        have = f"Java {version[1]}" if version else "no Java that tells its version"
        raise MissingError(f"spark: {java} is {have}; install a JRE, {_OLDEST} or later")


@contextmanager
def started(
    master: str = LOCAL, settings: Mapping[str, str] | None = None
) -> Iterator["SparkSession"]:
    """Start Spark at a master, and stop it at the end; what it leaves on this disk is deleted.

    A process has one at a time. `settings` are Spark's own, over ours. A LeadlineError says why it
    can't be started.
    """
    check(master)
    with TemporaryDirectory(prefix="leadline-spark-") as folder:
        session = _session(master, settings or {}, Path(folder))
        try:
            yield session
        finally:
            _stop(session)


def _session(master: str, settings: Mapping[str, str], folder: Path) -> "SparkSession":
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas 3, which nothing here goes through
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

    log = folder / "log4j2.properties"
    log.write_text(_QUIET)
    own = {
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.artifact.isolation.enabled": "false",
        "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log.as_uri()}",
    }
    if _LOCAL.fullmatch(master):
        own |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
        own |= {"spark.sql.shuffle.partitions": "4"}
    builder = SparkSession.builder.master(master)
    for key, value in {**SETTINGS, **own, **settings}.items():
        builder = builder.config(key, value)
    talk = folder / "spark.log"
    try:
        with warnings.catch_warnings(), _stderr_to(talk):
            warnings.simplefilter("ignore")
            return builder.getOrCreate()
    except (PySparkException, Py4JError) as error:
        _forget()
        told = [
            line for line in talk.read_text(errors="replace").splitlines() if "Exception" in line
        ]
        why = told[0].strip() if told else said(error)
        raise QueryError(
            f"{master}: Spark does not start there: {why}; look at [spark] in leadline.toml"
        ) from error


@contextmanager
def _stderr_to(path: Path) -> Iterator[None]:
    """Let the Java process that is started within talk to a file, for as long as it lives."""
    kept = os.dup(2)
    with path.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _stop(session: "SparkSession") -> None:
    with suppress(Exception):  # its Java may be gone
        session.stop()
    _forget()


def _forget() -> None:
    """End the Java process of this one, so that the next start has its own settings."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if gateway is None:
        return
    with suppress(Exception):
        gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
    SparkContext._gateway = SparkContext._jvm = None


def said(error: BaseException) -> str:
    """Return in one line what Spark says is wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    for line in lines:
        if found := re.match(r"(?:: )?(?:org|java)\.[\w.$]+(?:Exception|Error): (.+)", line):
            return found[1].rstrip(".")
    plain = lines[0] if lines else type(error).__name__
    return re.sub(r"^\[[A-Z_.]+\] ", "", plain).rstrip(".")
