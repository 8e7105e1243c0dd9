-- default: symbol = 'AAPL', venue = 'FINRA', is_offex = true, counts_volume = true, price = 178.5
-- default: size = 100, value_usd = 17_850, withdrawn_at = null, is_price_informative = true
-- default: traded_at = '2024-03-01 15:00Z', known_at = '2024-03-01 15:00Z', side = 1

-- case: what was printed adds up by range of prices, the most first
-- given: curated.equity_trades
select *
from (
    values
    ('a', 178.5, 1_000, 178_500, 1, '2024-03-01 15:00Z'),
    ('b', 178.74, 2_000, 357_480, -1, '2024-03-01 15:01Z'),
    ('c', 178.75, 1_000, 178_750, null, '2024-03-01 15:02Z'),
    ('d', 180.0, 500, 90_000, 1, '2024-03-01 15:03Z')
) as given (trade_id, price, size, value_usd, side, traded_at);
-- expect: place, price_from, price_to, n_prints, volume, value_usd, share_frac, bull_usd, bear_usd,
--     largest_usd, dist_pct
values
(1, 178.5, 178.75, 2, 3_000, 535_980, 0.666037056, 178_500, 357_480, 357_480, -0.763889),
(2, 178.75, 179, 1, 1_000, 178_750, 0.222124191, 0, 0, 178_750, -0.625),
(3, 180, 180.25, 1, 500, 90_000, 0.111838753, 90_000, 0, 90_000, 0.069444);

-- case: edges are round, and 10 to 25 bps apart
-- given: curated.equity_trades
select *
from (
    values
    ('A', 1.0), ('B', 1.999), ('C', 20.0), ('D', 49.99), ('E', 500.0), ('F', 99.999), ('G', 0.5)
) as given (symbol, price);
-- expect: symbol, price_from, price_to
values
('A', 1, 1.0025), ('B', 1.9975, 2), ('C', 20, 20.05), ('D', 49.95, 50), ('E', 500, 501),
('F', 99.9, 100), ('G', 0.5, 0.501);

-- case: exchanges' prints, those that count nowhere and withdrawn ones are left out
-- given: curated.equity_trades
select *
from (
    values
    (false, true, null),
    (true, false, null),
    (true, true, '2024-03-01 16:00Z')
) as given (is_offex, counts_volume, withdrawn_at);
-- expect: nothing

-- case: without a price that was made then and there nobody knows how far a level is
-- given: curated.equity_trades
select false as is_price_informative;
-- expect: price_from, dist_pct
values (178.5, null);
