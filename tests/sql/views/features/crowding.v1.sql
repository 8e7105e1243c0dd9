-- default: cusip = 'A', ticker = 'AAA', period_end = '2024-06-30', session_date = '2024-08-14'
-- default: known_at = '2024-08-14 20:00Z', is_first_settled = true, hedge_shares = 20_000_000
-- default: shares_held = 40_000_000, value_usd = 800, n_new = 1, n_sold_out = 9
-- default: n_prev_holders = 80, bar = '1d'

-- case: the rule book's twenty days to sell twenty million at a fifth of five million a day
-- given: features.holder_sessions
select 6 as n_hedge_holders;
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- given: features.ownership
select 12.5 as hf_own_pct;
-- given: curated.equity_bars
select
    'AAA' as symbol,
    session_date,
    case when session_date < '2024-07-17' then 20_000_000 else 5_000_000 end as volume,
    closes_at + interval 15 minutes as known_at
from curated.us_sessions
where session_date between '2024-06-03' and '2024-08-14';
-- expect: adv20, median60, days_adv, days_adv60, hedge_usd, hf_own_pct, n_securities, crowding_pr,
--     d_holders_pct, n_hedge_holders
values (5_000_000, 20_000_000, 20, 5, 400, 12.5, 1, null, -10, 6);

-- case: a session without a bar has no volume, and twenty of them must be known
-- given: features.holder_sessions
select *
from (
    values
    ('A', 'AAA'),
    ('B', 'BBB'),
    ('C', null)
) as given (cusip, ticker);
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- given: curated.equity_bars
select
    given.symbol,
    sessions.session_date,
    5_000_000 as volume,
    sessions.closes_at + interval 15 minutes as known_at
from curated.us_sessions as sessions
inner join (
    values
    ('AAA', date '2024-07-17'),
    ('BBB', date '2024-07-18')
) as given (symbol, since_date) on sessions.session_date >= given.since_date
where sessions.session_date between '2024-06-03' and '2024-08-14'
union all
select
    'BBB' as symbol,
    session_date,
    5_000_000 as volume,
    timestamptz '2024-08-14 20:01Z' as known_at
from curated.us_sessions
where session_date = '2024-07-17';
-- expect: cusip, adv20, days_adv, n_securities
values
('A', 5_000_000, 20, 1),
('B', 4_750_000, null, null),
('C', null, null, null);

-- case: twenty securities make a percentile across them; ties share their place
-- given: features.holder_sessions
select
    'C' || n as cusip,
    'T' || n as ticker,
    case when n = 1 then 2 else n end * 1_000_000 as hedge_shares
from range(1, 21) as numbers (n);
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- given: curated.equity_bars
select
    'T' || numbers.n as symbol,
    sessions.session_date,
    5_000_000 as volume,
    sessions.closes_at as known_at
from curated.us_sessions as sessions
cross join range(1, 21) as numbers (n)
where sessions.session_date between '2024-07-01' and '2024-08-13';
-- expect: cusip, days_adv, n_securities, crowding_pr
select
    'C' || n as cusip,
    case when n = 1 then 2 else n end as days_adv,
    20 as n_securities,
    case when n < 3 then 0.05 else (n - 0.5) / 20 end as crowding_pr
from range(1, 21) as numbers (n);

-- case: before the quarter counts, later, and without a hedge-type holder there is no row
-- given: features.holder_sessions
select *
from (
    values
    ('A', false, 20),
    ('B', true, 0)
) as given (cusip, is_first_settled, hedge_shares);
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- expect: nothing
