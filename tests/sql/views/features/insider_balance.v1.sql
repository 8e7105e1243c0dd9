-- default: ticker = 'LNLD', line = 1, trans_code = 'P', trans_date = '2024-01-02', price = 10
-- default: is_signal = true, is_discretionary = true, value_usd = 1_000
-- default: symbol = 'LNLD', bar = '1d', low = 9, high = 11, close = 10

-- case: purchases less sales of the 90 days up to a session, in basis points of the worth by then
-- span: 2024-04-02 2024-04-04
-- given: curated.insider_transactions
select *
from (
    values
    ('1', 'P', 70_000, '2024-01-02 22:00Z'),
    ('2', 'S', 30_000, '2024-02-05 22:00Z'),
    ('3', 'P', 5_000, '2024-04-02 01:00Z'),
    ('4', 'P', 900_000, '2024-04-02 01:01Z')
) as given (accession_no, trans_code, value_usd, known_at);
-- given: curated.shares_outstanding
select *
from (
    values
    (date '2023-12-31', 1_000_000, '2024-01-20 22:00Z'),
    (date '2024-03-31', 2_000_000, '2024-04-02 00:00Z')
) as given (as_of_date, shares, known_at);
-- given: curated.traded_bars
select *
from (
    values
    (date '2024-03-28', 10, '2024-03-28 20:15Z'),
    (date '2024-04-01', 20, '2024-04-01 20:15Z')
) as given (session_date, close, known_at);
-- expect: symbol, session_date, known_at, newest_at, net_usd, n_trades, market_cap_usd, balance,
--     has_odd_price
values
(
    'LNLD', '2024-04-01', '2024-04-02 01:00Z', '2024-04-02 01:00Z', -25_000, 2, 40_000_000, -6.25,
    false
),
(
    'LNLD', '2024-04-02', '2024-04-03 01:00Z', '2024-04-02 01:01Z', 875_000, 3, 40_000_000, 218.75,
    false
);

-- case: trades by plans, small ones and those of no ticker are in none, and a year is the end
-- span: 2024-03-02 2024-03-03
-- given: curated.insider_transactions
select *
from (
    values
    ('PLAN', false, true, '2024-02-02 22:00Z'),
    ('SMALL', true, false, '2024-02-02 22:00Z'),
    (null, true, true, '2024-02-02 22:00Z'),
    ('OLD', true, true, '2023-03-02 01:59Z'),
    ('YEAR', true, true, '2023-03-02 02:01Z')
) as given (ticker, is_discretionary, is_signal, known_at);
-- expect: symbol, session_date, net_usd, market_cap_usd, balance
values ('YEAR', '2024-03-01', 0, null, null);

-- case: an amendment counts from when it is known, and a price of no market is left out and told
-- span: 2024-01-04 2024-01-06
-- given: curated.insider_transactions
select *
from (
    values
    ('1', 1_000, 10, '2024-01-03 22:00Z', '2024-01-05 22:00Z'),
    ('2', 7_000, 10, '2024-01-05 22:00Z', null),
    ('3', 90_000, 16.6, '2024-01-05 22:00Z', null)
) as given (accession_no, value_usd, price, known_at, withdrawn_at);
-- given: curated.traded_bars
select
    date '2024-01-02' as session_date,
    timestamptz '2024-01-02 21:15Z' as known_at;
-- expect: session_date, net_usd, has_odd_price
values
('2024-01-03', 1_000, false),
('2024-01-04', 1_000, false);

-- case: the day after, what is odd is told
-- span: 2024-01-06 2024-01-06T03:00Z
-- given: curated.insider_transactions
select *
from (
    values
    ('1', 1_000, 10, '2024-01-03 22:00Z', '2024-01-05 22:00Z'),
    ('2', 7_000, 10, '2024-01-05 22:00Z', null),
    ('3', 90_000, 16.6, '2024-01-05 22:00Z', null)
) as given (accession_no, value_usd, price, known_at, withdrawn_at);
-- given: curated.traded_bars
select
    date '2024-01-02' as session_date,
    timestamptz '2024-01-02 21:15Z' as known_at;
-- expect: session_date, net_usd, has_odd_price
values ('2024-01-05', 7_000, true);

-- case: no close of ten days is no worth
-- span: 2024-01-17 2024-01-18T03:00Z
-- given: curated.insider_transactions
select timestamptz '2024-01-03 22:00Z' as known_at;
-- given: curated.shares_outstanding
select
    date '2023-12-31' as as_of_date,
    100 as shares,
    timestamptz '2024-01-02 22:00Z' as known_at;
-- given: curated.traded_bars
select
    date '2024-01-06' as session_date,
    timestamptz '2024-01-06 21:15Z' as known_at;
-- expect: session_date, market_cap_usd
values
('2024-01-16', 1_000),
('2024-01-17', null);
