"""A burst at once, then so much a minute."""

from leadline.allowance import Allowance


def test_what_is_taken_beyond_the_burst_waits_for_its_turn() -> None:
    moment = [0.0]
    allowance = Allowance(60, 3, lambda: moment[0])

    assert [allowance.wait_s() for _ in range(5)] == [0, 0, 0, 1, 2]
    moment[0] = 10
    assert [allowance.wait_s() for _ in range(4)] == [0, 0, 0, 1]


def test_no_minute_gives_more_than_its_rate_and_a_burst() -> None:
    moment, done = [0.0], list[tuple[float, float]]()
    allowance = Allowance(4_000, 1_500, lambda: moment[0])
    for nth in range(300):
        cost = (250, 50, 5)[nth % 3]
        moment[0] += allowance.wait_s(cost)
        done.append((moment[0], cost))

    most = max(sum(cost for at, cost in done if since <= at < since + 60) for since, _ in done)
    assert 5_000 < most <= 5_500 + 250
