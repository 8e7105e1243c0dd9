-- default: symbol = 'IBM', venue = 'FINRA', trade_id = 'a', is_offex = true, is_iso = false
-- default: traded_at = '2024-03-28 15:00:00Z', known_at = '2024-03-28 15:00:00Z'
-- default: session_date = '2024-03-28', size = 60_000, value_usd = 10_710_000
-- default: counts_volume = true, is_auction = false, trade_class = 'regular', quote_age_s = 0.5

-- case: auctions, what is no volume, and what is below a million are left out
-- given: curated.equity_trades
select *
from (
    values
    ('in', 1_000_000, true, false), ('small', 999_999, true, false),
    ('official', 1_000_000, false, false), ('auction', 1_000_000, true, true)
) as given (trade_id, value_usd, counts_volume, is_auction);
-- expect: print_id, adv_frac, stat_frac, n_adv_sessions, n_stat_sessions
values ('FINRA:in', null, null, 0, 0);

-- case: what kind of a print it is, and whether its quote is stale
-- given: curated.equity_trades
select *
from (
    values
    ('dark', true, 'regular', false, 1.0), ('crossed', false, 'cross', false, 1.1),
    ('swept', false, 'regular', true, null), ('plain', false, 'regular', false, 0.0)
) as given (trade_id, is_offex, trade_class, is_iso, quote_age_s);
-- expect: print_id, trade_type, is_quote_stale
values
('FINRA:dark', 'dark', false), ('FINRA:crossed', 'cross', true), ('FINRA:swept', 'sweep', null),
('FINRA:plain', 'block', false);

-- case: against the mean of twenty sessions before, not its own, and against its own large prints
-- given: curated.equity_trades
select *
from (values ('a', 60_000, 10_710_000), ('b', 59_999, 5_000_000))
    as given (trade_id, size, value_usd);
-- given: features.equity_sessions
select
    'IBM' as symbol,
    sessions.session_date,
    sessions.closes_at + interval 255 minutes as known_at,
    case
        when sessions.session_date = date '2024-03-28' then 99_000_000
        when sessions.session_date < date '2024-02-29' then 99_000_000
        else 6_000_000
    end as volume,
    500 as n_prints
from curated.us_sessions as sessions
where sessions.session_date between date '2024-02-27' and date '2024-03-28';
-- given: features.equity_large_prints
select
    *,
    session_date || ' 15:00Z' as known_at
from (
    values
    ('2024-03-27', 10_710_000), ('2024-03-27', 9_000_000), ('2024-03-26', 8_000_000),
    ('2024-03-25', 7_000_000), ('2024-03-25', 7_000_000), ('2024-03-25', 7_000_000),
    ('2024-03-25', 7_000_000), ('2024-03-25', 7_000_000), ('2024-03-25', 7_000_000),
    ('2024-03-25', 7_000_000), ('2024-03-25', 7_000_000), ('2024-03-25', 7_000_000),
    ('2024-03-28', 20_000_000)
) as given (session_date, value_usd);
-- expect: print_id, adv_volume, adv_frac, is_block_adv, n_adv_sessions, n_stat_sessions,
--     stat_frac, is_block_stat
values
('FINRA:a', 6_000_000, 0.01, true, 20, 22, 0.000090909, true),
('FINRA:b', 6_000_000, 0.009999833, false, 20, 22, 0.001090909, false);

-- case: below ten sessions a mean says nothing, below twenty a share says nothing
-- given: curated.equity_trades
select 'a' as trade_id;
-- given: features.equity_sessions
select
    'IBM' as symbol,
    sessions.session_date,
    sessions.closes_at + interval 255 minutes as known_at,
    6_000_000 as volume,
    500 as n_prints
from curated.us_sessions as sessions
where sessions.session_date between date '2024-03-15' and date '2024-03-27';
-- expect: adv_volume, adv_frac, is_block_adv, stat_frac, is_block_stat, n_adv_sessions
values (null, null, null, null, null, 9);
