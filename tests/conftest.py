"""What all tests share: the cases of tests/sql as items, and the captured files of real sources."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from leadline.errors import LeadlineError
from tests.sql_cases import Case, read_cases, runs_of
from tests.sql_desk import house_of
from tests.sql_rows import Mismatch
from tests.sql_runs import run

REAL_DATA = "LEADLINE_REAL_DATA"
ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "sql"

settings.register_profile("leadline", deadline=None)  # a busy machine breaks no promise
settings.load_profile("leadline")

# Files that share what takes long to make, a store or an app: one worker runs them.
TOGETHER = (
    "tests/loaders/test_crypto_option_chains", "tests/loaders/test_deribit_options",
    "tests/test_cloud",
    "tests/panel_app/test_viewers.py",  # alone, for it takes long
    "tests/panel_app/test_", "tests/panel_app/founding/",
)  # fmt: skip

# They share the sample week: nobody waits until another worker has filled its store.
OF_THE_SAMPLE = (
    "tests/test_sample.py", "tests/test_example.py", "tests/leadline/test_demo.py",
    "tests/test_checks_planted.py",
)  # fmt: skip
LONGEST = ("tests/panel_app/pages/test_browser.py", *OF_THE_SAMPLE)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Gives tests that share a store, or else a file, to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(OF_THE_SAMPLE):
            return "the sample week"
        shared = next((start for start in TOGETHER if nodeid.startswith(start)), "")
        return shared or nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Take our own order, whatever --dist says."""
    return Scheduling(config, log)


class Told:
    """Names a failed test at once: a run that is cut off has no summary."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Say what failed, of a worker's too."""
        self._tell(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say what could not be read."""
        self._tell(report)

    def _tell(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        if report.failed and reporter:
            crash = getattr(report.longrepr, "reprcrash", None)
            said = str(crash.message if crash else report.longrepr).strip()
            reporter.ensure_newline()
            reporter.write(f"{report.nodeid}: {said.partition(chr(10))[0]}\n", flush=True)


def pytest_configure(config: pytest.Config) -> None:
    """Keep what a user's cache would hold among our own; all workers share it."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Told(config))
    if cache := getattr(config, "cache", None):
        os.environ["XDG_CACHE_HOME"] = str(cache.mkdir("leadline"))


# Of these runs each file's first case and every fifth after it have one, all of them in the soak:
# the first fires, so that no view goes without.
EACH = 5
OFTEN_ENOUGH = ("reversed", "truncated", "cut")


class CaseFile(pytest.File):
    """The cases of one view."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield every case, and after it the runs that follow from it."""
        for place, case in enumerate(read_cases(self.path)):
            for kind in ("", *runs_of(CASES, self.path)):
                name = f"{case.name} [{kind}]" if kind else case.name
                item = CaseItem.from_parent(self, name=name, case=case, kind=kind)
                if kind in OFTEN_ENOUGH and place % EACH:
                    item.add_marker("soak")
                yield item

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """Say of a file that can't be read what its reader says."""
        if isinstance(excinfo.value, LeadlineError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class CaseItem(pytest.Item):
    """One run of one case."""

    def __init__(self, *, case: Case, kind: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.case, self.kind = case, kind

    def runtest(self) -> None:
        """Run it in a database of its own."""
        run(self.case, self.kind, house_of(ROOT))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """Print the rows that differ, and no traceback."""
        if isinstance(excinfo.value, Mismatch | LeadlineError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the file and the case's line."""
        return self.path, self.case.line - 1, self.name


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the case files of tests/sql."""
    if file_path.suffix == ".sql" and file_path.is_relative_to(CASES):
        return CaseFile.from_parent(parent, path=file_path)
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests read real data, so that nobody takes a skipped proof for a passed one."""
    ran: set[str] = set()
    skipped: set[str] = set()
    for outcome, reports in terminalreporter.stats.items():
        for report in reports:
            if isinstance(report, pytest.TestReport) and "real" in report.keywords:
                (skipped if outcome == "skipped" else ran).add(report.nodeid)
    terminalreporter.write_line(f"real data: {len(ran - skipped)} ran, {len(skipped)} skipped")


@pytest.fixture(scope="session")
def real() -> Path:
    """Return the folder of captured files; without one the test is skipped."""
    place = os.environ.get(REAL_DATA)
    if not place:
        pytest.skip(f"{REAL_DATA} names no folder of captured files")
    if not Path(place).is_dir():
        pytest.fail(f"{REAL_DATA}: '{place}' is no folder; name the captured files")
    return Path(place)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that holds the sample week, for reading only."""
    from tests.samples import sample_store

    own = tmp_path_factory.getbasetemp()
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return sample_store(own.parent if is_worker else own)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what keeps one worker busy for long: none is alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what was collected out of every later search for garbage, and search seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # as it comes, one second in twenty goes into it
