-- default: cusip = 'A', ticker = 'AAA', issuer = 'A INC', period_end = '2024-06-30'
-- default: known_at = '2024-08-10 20:00Z', share_type = 'SH', value_usd = 100, symbol = 'AAA'
-- default: as_of_date = '2024-06-01'

-- case: who reported both quarters tells the change; all that hold it are holders
-- given: features.holder_positions
select *
from (
    values
    ('more', null, 'SH', 1_500, 1_000, 5_000, null),
    ('less', null, 'SH', 300, 400, -1_000, null),
    ('same', null, 'SH', 100, 100, 0, null),
    ('new', null, 'SH', 50, 0, 500, null),
    ('out', null, 'SH', 0, 200, -2_000, null),
    ('silent', null, 'SH', 700, null, null, null),
    ('old version', null, 'SH', 9_000, 1, 90_000, '2024-08-12 20:00Z'),
    ('puts', 'put', 'SH', 9_000, 1, 90_000, null),
    ('bonds', null, 'PRN', 9_000, 1, 90_000, null)
) as given (cik, put_call, share_type, shares, prev_shares, trade_effect_usd, withdrawn_at);
-- given: curated.shares_outstanding
select 10_000 as shares;
-- expect: ticker, n_holders, shares, inst_own_pct, n_compared, prev_shares, d_shares,
--     net_change_pct, flow_label, n_increased, n_decreased, n_new, n_sold_out, buy_usd, sell_usd,
--     conviction_legacy
values (
    'AAA', 5, 2_650, 26.5, 5, 1_700, 250, 14.705882, 'strong_inflow', 1, 1, 1, 1, 5_500, 3_000, 0
);

-- case: the rule book's bounds of the labels
-- given: features.holder_positions
select *
from (
    values
    ('A', 1_015, 1_000),
    ('B', 1_021, 1_000),
    ('C', 1_000.5, 1_000),
    ('D', 979, 1_000),
    ('E', 985, 1_000)
) as given (cusip, shares, prev_shares);
-- expect: cusip, flow_label
values
('A', 'inflow'), ('B', 'strong_inflow'), ('C', 'neutral'), ('D', 'strong_outflow'),
('E', 'outflow');

-- case: where nobody reported the quarter before, nothing is said of a change
-- given: features.holder_positions
select 1_000 as shares;
-- expect: n_holders, n_compared, d_shares, net_change_pct, flow_label, buy_usd, conviction_legacy
values (1, 0, null, null, null, null, null);
