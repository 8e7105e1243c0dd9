-- default: ticker = 'AAPL', cusip = 'A', period_end = '2024-03-31', session_date = '2024-05-15'
-- default: known_at = '2024-05-15 20:00Z', is_settled = true, value_usd = 1_000

-- case: ownership, flow and conviction of a quarter are beside one another
-- given: features.ownership
select
    62.5 as inst_own_pct,
    80 as n_holders,
    12 as n_new,
    4 as n_sold_out;
-- given: features.institutional_flow
select
    2.1 as net_change_pct,
    'strong_inflow' as flow_label,
    9 as n_obs;
-- given: features.conviction
select
    75 as conviction_score,
    10 as conviction_legacy,
    3.5 as active_weight_change,
    5 as n_active,
    4 as n_obs;
-- given: features.best_ideas
select
    *,
    true as is_best_idea
from (
    values
    ('a', date '2024-03-31', '2024-05-15 12:00Z', null),
    ('b', date '2024-03-31', '2024-05-15 12:00Z', '2024-05-15 20:00Z'),
    ('c', date '2024-03-31', '2024-05-15 20:00:01Z', null),
    ('e', date '2023-12-31', '2024-02-14 12:00Z', null)
) as given (cik, period_end, known_at, withdrawn_at);
-- expect: symbol, known_at, period_end, inst_own_pct, n_holders, n_new, n_sold_out, net_change_pct,
--     flow_label, n_flow_quarters, conviction_score, conviction_legacy, active_weight_change,
--     n_active, n_quarters, n_best_ideas
values (
    'AAPL', timestamptz '2024-05-15 20:00Z', date '2024-03-31', 62.5, 80, 12, 4, 2.1,
    'strong_inflow', 9, 75, 10, 3.5, 5, 4, 1
);

-- case: a quarter counts once it is settled, and news of an older one no more
-- given: features.ownership
select *
from (
    values
    (date '2023-12-31', date '2024-02-14', '2024-02-14 21:00Z', true, 50),
    (date '2024-03-31', date '2024-04-20', '2024-04-20 20:00Z', false, 5),
    (date '2024-03-31', date '2024-05-15', '2024-05-15 20:00Z', true, 52),
    (date '2023-12-31', date '2024-05-20', '2024-05-20 20:00Z', true, 51),
    (date '2024-03-31', date '2024-05-21', '2024-05-21 20:00Z', true, 53)
) as given (period_end, session_date, known_at, is_settled, inst_own_pct);
-- expect: session_date, inst_own_pct, flow_label, conviction_score
values
(date '2024-02-14', 50, null, null),
(date '2024-05-15', 52, null, null),
(date '2024-05-21', 53, null, null);

-- case: of two securities of a ticker the greater one speaks, and none without a ticker
-- given: features.ownership
select *
from (
    values
    ('A', 'AAPL', 1_000, 10), ('B', 'AAPL', 2_000, 20), ('C', null, 9_000, 30)
) as given (cusip, ticker, value_usd, inst_own_pct);
-- expect: symbol, cusip, inst_own_pct
values ('AAPL', 'B', 20);
