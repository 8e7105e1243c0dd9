-- default: known_at = '2024-03-01 21:15Z'

-- case: sessions and five minutes stand under one another
-- given: backtest.session_closes
select
    'AAPL' as entity,
    'session' as bar,
    1 as price;
-- given: backtest.pair_closes
select
    'binance:BTC-USDT' as entity,
    '5m' as bar,
    2 as price;
-- expect: entity, bar, price
values
('AAPL', 'session', 1),
('binance:BTC-USDT', '5m', 2);
