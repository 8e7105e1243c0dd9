-- what:  The newest sweeps of options from a premium on.
-- binds: min_premium_usd=50000
-- since: 2024-02-12

select
    fired_at, entity, direction, score, notional_usd, headline
from detectors.options_sweep
where notional_usd >= $min_premium_usd
order by fired_at desc
