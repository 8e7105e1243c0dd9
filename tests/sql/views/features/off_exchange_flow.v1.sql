-- default: symbol = 'GME', session_date = '2024-03-01', known_at = '2024-03-01 20:00Z'
-- default: mid_usd = 0, large_usd = 0, n_large_prints = 0, n_blocks = 0

-- case: days add up to the session, and the share is of what has a side, pulled to a half
-- given: features.off_exchange_flow_days
select *
from (
    values
    ('2024-03-01 20:00Z', 60_000, 30_000, 10_000, 70),
    ('2024-03-02 01:00Z', 40_000, 10_000, 10_000, 30)
) as given (known_at, total_usd, bull_usd, bear_usd, n_prints);
-- expect: symbol, session_date, known_at, total_usd, bull_usd, bear_usd, n_prints, sided_frac,
--     bull_share, direction, confidence
values (
    'GME', '2024-03-01', '2024-03-02 01:15Z', 100_000, 40_000, 20_000, 100, 0.6,
    round((40_000 + 10_000) / 80_000, 6), 'bull', 0.36
);

-- case: no direction without enough that has a side, and none without prints that have one
-- given: features.off_exchange_flow_days
select
    *,
    100_000 as total_usd,
    1_000 as n_prints
from (
    values
    ('FIFTH', 19_999, 0), ('NEARLY', 29_999, 0), ('BEAR', 0, 40_000), ('EVEN', 20_000, 20_000),
    ('NONE', 0, 0)
) as given (symbol, bull_usd, bear_usd);
-- expect: symbol, bull_share is null, direction, confidence is null
values
('FIFTH', true, null, true),
('NEARLY', false, null, true),
('BEAR', false, 'bear', false),
('EVEN', false, 'neutral', false),
('NONE', true, null, true);

-- case: before the session's last word there is no row
-- span: 2024-03-01 2024-03-02T01:15Z
-- given: features.off_exchange_flow_days
select
    1 as total_usd,
    1 as bull_usd,
    0 as bear_usd,
    1 as n_prints;
-- expect: nothing
