-- default: cusip = '037833100', ticker = 'AAPL', period_end = '2024-06-30', coverage_frac = 1
-- default: session_date = '2024-08-14', known_at = '2024-08-14 20:00Z', is_first_settled = true
-- default: n_new = 30, n_sold_out = 10, n_prev_holders = 70, n_holders = 90, d_breadth = 0.2
-- default: d_breadth_pr = 0.995, n_securities = 1_000, net_flow_usd = 50_000_000
-- default: shares_held = 1_000_000

-- case: more managers came than into all but a two-hundredth
-- given: features.ownership
select 'AAPL' as ticker;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-07-01 04:00Z', '2024-08-14 20:00Z', 'bull', 29.5, 0.7, 50_000_000,
    'AAPL: 30 managers came and 10 left, of 70 that held it a quarter before',
    'filings.breadth|AAPL|037833100|2024-06-30',
    '{
        "cusip": "037833100", "ticker": "AAPL", "period_end": "2024-06-30",
        "session_date": "2024-08-14", "d_breadth": 0.2, "d_breadth_pr": 0.995,
        "n_securities": 1000, "n_new": 30, "n_sold_out": 10, "n_prev_holders": 70,
        "n_holders": 90, "shares_held": 1000000, "net_flow_usd": 50000000, "coverage_frac": 1
    }'
);

-- case: both ends of the list fire, and are low at most
-- given: features.ownership
select *
from (
    values
    ('A', 0.99, 50_000_000),
    ('B', 1, 50_000_000),
    ('C', 0.01, -50_000_000),
    ('D', 0, -50_000_000),
    (null, 0, -50_000_000)
) as given (ticker, d_breadth_pr, net_flow_usd);
-- expect: entity, direction, score, notional_usd
values
('A', 'bull', 20, 50_000_000),
('B', 'bull', 39, 50_000_000),
('C', 'bear', 20, 50_000_000),
('D', 'bear', 39, 50_000_000),
('cusip:037833100', 'bear', 39, 50_000_000);

-- case: a usual change, few managers, a small sum, no percentile and another session stay quiet
-- given: features.ownership
select *
from (
    values
    ('USUAL', 0.9899, 30, 10, 50_000_000, true),
    ('FEW', 1, 4, 0, 50_000_000, true),
    ('SMALL', 1, 30, 10, 999_999, true),
    ('NONE', null, 30, 10, 50_000_000, true),
    ('LATER', 1, 30, 10, 50_000_000, false)
) as given (ticker, d_breadth_pr, n_new, n_sold_out, net_flow_usd, is_first_settled);
-- expect: nothing

-- case: bounds that are parameters move
-- param: min_pr = 0.9
-- param: min_flow_usd = 10
-- param: min_moves = 2
-- given: features.ownership
select
    0.95 as d_breadth_pr,
    2 as n_new,
    0 as n_sold_out,
    10 as net_flow_usd;
-- expect: entity, score
values ('AAPL', 29.5);

-- case: all leave a company that is taken over (noisy)
-- given: features.ownership
select
    0 as n_new,
    70 as n_sold_out,
    0 as n_holders,
    -1 as d_breadth,
    0.0005 as d_breadth_pr;
-- expect: entity, direction
values ('AAPL', 'bear');
