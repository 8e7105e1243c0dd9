"""Who looks all day costs no more in the evening than in the morning."""

import asyncio
import threading
from pathlib import Path

import psutil
import pytest

from benchmarks.viewer import Viewer
from leadline import clock
from panel_app.dashboard import found
from tests.browsers import AT, Server
from tests.dashboards import alert, fill, tops
from tests.desks import load_into
from tests.doors import opened

GROWTH = 1.05
PAGES = list(found())[:5]


def feed(place: Path, is_over: threading.Event) -> None:
    """Load a second of a book each second, and an alert each ten, as a loop does."""
    with opened(place) as store:
        for n in range(1_000_000):
            if is_over.wait(1):
                return
            now = clock.now().replace(microsecond=0)
            load_into(store, "book_tops", tops(now, 1, first=1_000 + n), f"books {n}")
            if n % 10 == 0:
                load_into(store, "alerts", [alert(f"live{n}", now)], f"loop {n}")


@pytest.mark.parametrize(("warm_s", "seconds"), [(120, 120), (300, 3_600)])
@pytest.mark.soak
@pytest.mark.timeout(4_200)
def test_five_viewers_of_a_live_feed_take_no_more_memory(
    tmp_path: Path, warm_s: int, seconds: int
) -> None:
    place = fill(tmp_path / "store", clock.now().replace(microsecond=0))
    server, is_over = Server(place), threading.Event()
    feeding = threading.Thread(target=feed, args=(place, is_over))
    feeding.start()
    process = psutil.Process(server.pid)
    viewers = [Viewer(f"{server.address}{AT}/{name}") for name in PAGES]
    sizes: list[int] = []

    async def looked() -> None:
        looking = asyncio.gather(*(viewer.look(warm_s + seconds) for viewer in viewers))
        for _ in range(warm_s + seconds - 1):
            await asyncio.sleep(1)
            sizes.append(process.memory_info().rss)
        await looking

    asyncio.run(looked())
    is_over.set()
    feeding.join()
    ended = server.end()

    began, end = (max(part) for part in (sizes[warm_s - 10 : warm_s], sizes[-10:]))
    assert ended == (130, "")
    assert min(viewer.n_messages for viewer in viewers) > seconds
    assert end / began <= GROWTH, f"{began / 1e6:.0f} MB to {end / 1e6:.0f} MB"
