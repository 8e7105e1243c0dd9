-- default: cusip = '037833100', ticker = 'AAPL', period_end = '2024-06-30'
-- default: session_date = '2024-08-14', known_at = '2024-08-14 20:00Z', n_active = 12
-- default: active_weight_change = 7.5, conviction_pr = 1, conviction_score = 97, n_obs = 60
-- default: active_flow_usd = 5_000_000, n_holders = 80, n_new = 12, n_sold_out = 4
-- default: conviction_legacy = 10, coverage_frac = 0.5

-- case: active managers raise a weight as never before
-- given: features.conviction
select 'AAPL' as ticker;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-07-01 04:00Z', '2024-08-14 20:00Z', 'bull', 59, 0.3, 5_000_000,
    'AAPL: 12 active managers changed its weight by 7.5 of their usual moves, the most of 61 '
    'quarters',
    'filings.conviction|AAPL|037833100|2024-06-30',
    '{
        "cusip": "037833100", "ticker": "AAPL", "period_end": "2024-06-30",
        "session_date": "2024-08-14", "conviction_score": 97, "conviction_pr": 1,
        "conviction_legacy": 10, "active_weight_change": 7.5, "active_flow_usd": 5000000,
        "n_active": 12, "n_holders": 80, "n_new": 12, "n_sold_out": 4, "n_obs": 60,
        "short_history": false, "coverage_frac": 0.5
    }'
);

-- case: the percentile is low at 0.97 and medium at 0.99, and low at most below sixty quarters
-- given: features.conviction
select *
from (
    values
    ('A', 0.97, 60),
    ('B', 0.98, 60),
    ('C', 0.99, 60),
    ('D', 1, 59),
    ('E', 0.97, 20)
) as given (cusip, conviction_pr, n_obs);
-- expect: evidence ->> '$.cusip', score
values
('A', 20),
('B', 30),
('C', 40),
('D', 39),
('E', 20);

-- case: a usual change, a fall, few managers and no history stay quiet
-- given: features.conviction
select *
from (
    values
    ('USUAL', 0.9699, 7.5, 12),
    ('FALL', 1, -0.5, 12),
    ('FEW', 1, 7.5, 2),
    ('NEW', null, 7.5, 12)
) as given (cusip, conviction_pr, active_weight_change, n_active);
-- expect: nothing

-- case: a quarter fires once; without a ticker it is its CUSIP
-- given: features.conviction
select
    *,
    null as ticker
from (
    values
    ('2024-08-14', '2024-08-14 20:00Z', 0.9),
    ('2024-08-15', '2024-08-15 20:00Z', 0.97),
    ('2024-08-16', '2024-08-16 20:00Z', 1)
) as given (session_date, known_at, conviction_pr);
-- expect: entity, fired_at, score
values ('cusip:037833100', '2024-08-15 20:00Z', 20);

-- case: a price that rose raises weights without a trade (noisy)
-- given: features.conviction
select 0 as active_flow_usd;
-- expect: direction, notional_usd
values ('bull', 0);
