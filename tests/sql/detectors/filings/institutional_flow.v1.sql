-- default: cusip = '037833100', ticker = 'AAPL', period_end = '2024-06-30'
-- default: session_date = '2024-08-14', known_at = '2024-08-14 20:00Z', is_preliminary = false
-- default: prev_shares = 1_000_000, d_shares = 30_000, net_change_pct = 3, n_obs = 0
-- default: net_flow_usd = 5_000_000, flow_label = 'strong_inflow', confidence = 0.45
-- default: n_compared = 40, n_new = 3, n_sold_out = 1, coverage_frac = 0.9, freshness = 0.5

-- case: a strong flow without a history is a mention
-- given: features.institutional_flow
select
    4 as active_net_change_pct,
    2_000_000 as active_flow_usd,
    1 as index_net_change_pct;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-07-01 04:00Z', '2024-08-14 20:00Z', 'bull', 10.3, 0.45, 5_000_000,
    'AAPL: 40 managers added 3.0 % of their shares, 5000000 USD',
    'filings.institutional_flow|AAPL|037833100|2024-06-30',
    '{
        "cusip": "037833100", "ticker": "AAPL", "period_end": "2024-06-30",
        "session_date": "2024-08-14", "flow_label": "strong_inflow", "net_change_pct": 3,
        "net_flow_usd": 5000000, "prev_shares": 1000000, "d_shares": 30000,
        "active_net_change_pct": 4, "active_flow_usd": 2000000, "index_net_change_pct": 1,
        "quant_net_change_pct": null, "net_change_pr": null, "n_obs": 0, "short_history": true,
        "n_compared": 40, "n_new": 3, "n_sold_out": 1, "coverage_frac": 0.9, "freshness": 0.5
    }'
);

-- case: its own history makes it more, and only sixty quarters make it medium or high
-- given: features.institutional_flow
select *
from (
    values
    ('A', -30, -5_000_000, 60, 0.96),
    ('B', -1, -5_000_000, 60, 0.97),
    ('C', -30, -5_000_000, 60, 0.97),
    ('D', -5, -5_000_000, 60, 0.99),
    ('E', -90, -5_000_000, 60, 1),
    ('F', -5, -5_000_000, 59, 1)
) as given (cusip, net_change_pct, net_flow_usd, n_obs, net_change_pr);
-- expect: evidence ->> '$.cusip', direction, score
values
('A', 'bear', 13),
('B', 'bear', 41),
('C', 'bear', 59),
('D', 'bear', 65),
('E', 'bear', 99),
('F', 'bear', 39);

-- case: a weak flow, few managers, a small sum and too few reports stay quiet
-- given: features.institutional_flow
select *
from (
    values
    ('WEAK', 2, 0.96, 5_000_000, 40, false),
    ('FEW', 50, 1, 5_000_000, 2, false),
    ('SMALL', 50, 1, 999_999, 40, false),
    ('EARLY', 50, 1, 5_000_000, 40, true),
    ('NONE', null, null, 5_000_000, 40, false)
) as given (cusip, net_change_pct, net_change_pr, net_flow_usd, n_compared, is_preliminary);
-- expect: nothing

-- case: a quarter fires once, in its first notable session; without a ticker it is its CUSIP
-- given: features.institutional_flow
select
    *,
    null as ticker
from (
    values
    ('2024-08-14', '2024-08-14 20:00Z', 1),
    ('2024-08-15', '2024-08-15 20:00Z', 3),
    ('2024-08-16', '2024-08-16 20:00Z', 9)
) as given (session_date, known_at, net_change_pct);
-- expect: entity, fired_at, score
values ('cusip:037833100', '2024-08-15 20:00Z', 10.3);

-- case: bounds that are parameters move
-- param: min_strong_pct = 5
-- param: min_managers = 50
-- given: features.institutional_flow
select *
from (
    values
    ('A', 5, 50),
    ('B', 6, 49),
    ('C', 6, 50)
) as given (cusip, net_change_pct, n_compared);
-- expect: evidence ->> '$.cusip'
values ('C');

-- case: index funds that take in money look like conviction (noisy)
-- given: features.institutional_flow
select
    0 as active_net_change_pct,
    8 as index_net_change_pct;
-- expect: direction, evidence ->> '$.active_net_change_pct'
values ('bull', '0.0');

-- case: a split that nobody has loaded looks like buying (noisy)
-- given: features.institutional_flow
select
    100 as net_change_pct,
    1_000_000 as d_shares;
-- expect: direction, score
values ('bull', 19);
