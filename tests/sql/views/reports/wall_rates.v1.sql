-- default: venue = 'binance', pair = 'BTC-USDT', book_side = 1, notional_usd = 500_000
-- default: began_at = '2024-08-08 12:00:10Z', happened_at = '2024-08-08 12:00:30Z'
-- default: known_at = '2024-08-08 12:00:31.25Z'

-- case: walls are counted by their ends, and the pulled ones among those that the price came near
-- span: 2024-08-08 12:00Z 2024-08-08 12:05Z
-- given: features.walls
select *
from (
    values
    (1, 'appeared', null), (1, 'pulled', 3.0), (1, 'pulled', 10.0), (1, 'eaten', 0.0),
    (1, 'moved', 9.0), (1, 'pulled', 10.1), (1, 'faded', 25.0), (-1, 'pulled', 30.0)
) as given (book_side, wall_state, nearest_bps);
-- expect: venue, pair, book_side, n_walls, n_eaten, n_pulled, n_moved, n_faded, n_near,
--     n_near_pulled, wall_pull_rate, median_life_s, notional_usd, known_at
values
(
    'binance', 'BTC-USDT', 1, 6, 1, 3, 1, 1, 4, 2, 0.5, 20, 3_000_000, '2024-08-08 12:00:31.25Z'
),
('binance', 'BTC-USDT', -1, 1, 0, 1, 0, 0, 0, 0, null, 20, 500_000, '2024-08-08 12:00:31.25Z');
