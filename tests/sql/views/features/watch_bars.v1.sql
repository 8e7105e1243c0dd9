-- default: watchlist = 'desk', is_active = true, symbol = 'AAPL', bar = '1m', source = 'lean'
-- default: session_date = '2024-03-01', is_aggregate = false, venue = 'binance', pair = 'BTC-USDT'

-- case: minutes of the session count as they were first told in time, and none older than the last
-- given: curated.watchlists
select timestamptz '2024-02-01 00:00Z' as known_at;
-- given: curated.equity_bars
select *
from (
    values
    ('AAPL', '2024-03-01 14:29Z', '2024-03-01 14:30Z', 99),
    ('AAPL', '2024-03-01 14:30Z', '2024-03-01 14:31Z', 100),
    ('AAPL', '2024-03-01 14:30Z', '2024-03-01 14:32Z', 200),
    ('AAPL', '2024-03-01 14:31Z', '2024-03-01 14:34:30Z', 101),
    ('AAPL', '2024-03-01 14:32Z', '2024-03-01 14:33Z', 102),
    ('AAPL', '2024-03-01 14:33Z', '2024-03-01 14:38Z', 103),
    ('MSFT', '2024-03-01 14:30Z', '2024-03-01 14:31Z', 100)
) as given (symbol, starts_at, known_at, close_split);
-- expect: symbol, starts_at, known_at, price, opens_at, previous_date
values
(
    'AAPL', timestamptz '2024-03-01 14:30Z', timestamptz '2024-03-01 14:31Z', 100,
    timestamptz '2024-03-01 14:30Z', date '2024-02-29'
),
(
    'AAPL', timestamptz '2024-03-01 14:32Z', timestamptz '2024-03-01 14:33Z', 102,
    timestamptz '2024-03-01 14:30Z', date '2024-02-29'
);

-- case: a session's own bar counts where no minute of it was told
-- given: curated.watchlists
select
    *,
    timestamptz '2024-02-01 00:00Z' as known_at
from (values ('AAPL'), ('MSFT')) as given (symbol);
-- given: curated.equity_bars
select *
from (
    values
    ('AAPL', '1m', '2024-03-01 14:30Z', '2024-03-01 14:31Z', 100),
    ('AAPL', '1d', '2024-03-01 14:30Z', '2024-03-01 21:15Z', 104),
    ('MSFT', '1d', '2024-03-01 14:30Z', '2024-03-01 21:15Z', 105),
    ('MSFT', '1d', '2024-03-01 14:30Z', '2024-03-04 21:15Z', 106)
) as given (symbol, bar, starts_at, known_at, close_split);
-- expect: symbol, bar, price
values ('AAPL', '1m', 100), ('MSFT', '1d', 105);

-- case: a pair's minute is its last trade that was told ten seconds after it, once that is over
-- span: 2024-03-01 2024-03-01T02:02:10Z
-- given: curated.watchlists
select
    'binance:BTC-USDT' as symbol,
    timestamptz '2024-02-01 00:00Z' as known_at;
-- given: raw.crypto_trades
select *
from (
    values
    ('BTC-USDT', 1, '2024-03-01 02:00:01Z', '2024-03-01 02:00:01Z', 60_000),
    ('BTC-USDT', 2, '2024-03-01 02:00:59Z', '2024-03-01 02:01:09Z', 60_100),
    ('BTC-USDT', 3, '2024-03-01 02:00:59.5Z', '2024-03-01 02:01:10Z', 70_000),
    ('BTC-USDT', 4, '2024-03-01 02:01:01Z', '2024-03-01 02:01:01Z', 60_200),
    ('ETH-USDT', 5, '2024-03-01 02:00:01Z', '2024-03-01 02:00:01Z', 3_000)
) as given (pair, trade_id, traded_at, known_at, price);
-- expect: symbol, session_date, bar, starts_at, known_at, price, opens_at, previous_date
values (
    'binance:BTC-USDT', date '2024-03-01', '1m', timestamptz '2024-03-01 02:00Z',
    timestamptz '2024-03-01 02:01:10Z', 60_100, timestamptz '2024-03-01 00:00Z', date '2024-02-29'
);
