-- default: cik = '1', manager = 'Line LLC', cusip = 'A', ticker = 'AAA', shares = 100
-- default: share_type = 'SH', value_usd = 1_000, bar = '1d', symbol = 'AAA'

-- case: it is bought at the close of the session after the filing and sold as the next one is
-- given: features.holder_positions
select *
from (
    values
    ('2024-03-31', '2024-05-10 13:00Z', 'A', 'AAA', 3_000),
    ('2024-03-31', '2024-05-10 13:00Z', 'B', 'BBB', 1_000),
    ('2024-06-30', '2024-05-14 13:30Z', 'A', 'AAA', 1_000)
) as given (period_end, known_at, cusip, ticker, value_usd);
-- given: curated.us_sessions
select session_date, sequence, opens_at, closes_at
from curated.us_sessions
where session_date < '2024-06-01';
-- given: curated.equity_bars
select
    *,
    session_date + interval 20 hours + interval 15 minutes as known_at
from (
    values
    ('AAA', date '2024-05-09', 1),
    ('AAA', date '2024-05-10', 100),
    ('AAA', date '2024-05-13', 150),
    ('AAA', date '2024-05-15', 120),
    ('AAA', date '2024-05-16', 900),
    ('BBB', date '2024-05-10', 10),
    ('BBB', date '2024-05-14', 10),
    ('CCC', date '2024-05-10', 10),
    ('CCC', date '2024-05-15', 11),
    ('SPY', date '2024-05-10', 400),
    ('SPY', date '2024-05-15', 402)
) as given (symbol, session_date, close_full);
-- expect: cik, period_end, known_at, filed_at, entry_date, exit_date, n_stocks, clone_return,
--     benchmark_return, excess_return, benchmark_name, weighted_return
values (
    '1', '2024-03-31', '2024-05-15 21:00Z', '2024-05-10 13:00Z', '2024-05-10', '2024-05-15', 2,
    0.097801, 0.005, 0.092801, 'SPY', 0.147701
);

-- case: without SPY all stocks are the benchmark; what was never priced is left out
-- param: n_largest = 2
-- given: features.holder_positions
select *
from (
    values
    ('2024-03-31', '2024-05-10 13:00Z', 'A', 'AAA', 'SH', null, 1_000),
    ('2024-03-31', '2024-05-10 13:00Z', 'N', 'NEW', 'SH', null, 2_000),
    ('2024-03-31', '2024-05-10 13:00Z', 'B', 'BBB', 'SH', null, 10),
    ('2024-03-31', '2024-05-10 13:00Z', 'P', 'BBB', 'SH', 'put', 9_000),
    ('2024-06-30', '2024-05-14 13:00Z', 'A', 'AAA', 'SH', null, 1_000)
) as given (period_end, known_at, cusip, ticker, share_type, put_call, value_usd);
-- given: curated.us_sessions
select session_date, sequence, opens_at, closes_at
from curated.us_sessions
where session_date < '2024-06-01';
-- given: curated.equity_bars
select
    *,
    session_date + interval 20 hours + interval 15 minutes as known_at
from (
    values
    ('AAA', date '2024-05-10', 100),
    ('AAA', date '2024-05-14', 110),
    ('NEW', date '2024-05-13', 100),
    ('NEW', date '2024-05-14', 110),
    ('BBB', date '2024-05-10', 100),
    ('BBB', date '2024-05-14', 90)
) as given (symbol, session_date, close_full);
-- expect: exit_date, n_stocks, clone_return, benchmark_return, benchmark_name
values ('2024-05-14', 1, 0.097801, 0, 'mean of all');

-- case: every filing thirty days later is entered later; who files no more is sold in the end
-- param: max_sessions = 2
-- given: features.holder_positions
select *
from (
    values
    ('1', '2024-05-10 13:00Z', '2024-03-31'),
    ('2', '2024-06-09 13:00Z', '2024-03-31')
) as given (cik, known_at, period_end);
-- given: curated.us_sessions
select session_date, sequence, opens_at, closes_at from curated.us_sessions;
-- given: curated.equity_bars
select
    session_date,
    date_diff('day', date '2024-05-01', session_date) as close_full,
    closes_at as known_at
from curated.us_sessions
where session_date between '2024-05-01' and '2024-06-28';
-- expect: cik, entry_date, exit_date, clone_return
values
('1', '2024-05-10', '2024-05-14', 0.441557),
('2', '2024-06-10', '2024-06-12', 0.047901);

-- case: an amendment of an older quarter makes no portfolio, nor is an open one told
-- given: features.holder_positions
select *
from (
    values
    ('2024-06-30', '2024-08-10 13:00Z'),
    ('2024-03-31', '2024-08-20 13:00Z')
) as given (period_end, known_at);
-- given: curated.us_sessions
select session_date, sequence, opens_at, closes_at
from curated.us_sessions
where session_date < '2024-10-01';
-- given: curated.equity_bars
select
    session_date,
    100 as close_full,
    closes_at as known_at
from curated.us_sessions
where session_date between '2024-08-01' and '2024-09-28';
-- expect: nothing

-- case: the calendar goes on where bars end, and a portfolio that ends there is not over
-- given: features.holder_positions
select *
from (
    values
    ('2024-03-31', '2024-05-10 13:00Z'),
    ('2024-06-30', '2024-08-09 13:00Z')
) as given (period_end, known_at);
-- given: curated.us_sessions
select session_date, sequence, opens_at, closes_at from curated.us_sessions;
-- given: curated.equity_bars
select
    session_date,
    100 as close_full,
    closes_at as known_at
from curated.us_sessions
where session_date between '2024-05-01' and '2024-09-13';
-- expect: period_end, exit_date
values ('2024-03-31', '2024-08-09');
