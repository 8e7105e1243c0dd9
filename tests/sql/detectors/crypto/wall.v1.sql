-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, price = 20_000.0
-- default: wall_state = 'appeared', began_at = '2024-08-08 12:00:10Z', update_id = 1
-- default: happened_at = '2024-08-08 12:00:20Z', known_at = '2024-08-08 12:00:20.25Z'
-- default: size = 25, notional_usd = 500_000, side_depth = 60, depth_frac = 0.416666667
-- default: median_size = 2, median_ratio = 12.5, n_obs = 1_000, mid = 20_010.0, dist_bps = 50

-- case: the rule book's wall is medium: it is over 20 % of its side
-- given: features.walls
select 1 as update_id;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'binance:BTC-USDT', 'pair', '2024-08-08 12:00:20Z', '2024-08-08 12:00:20.25Z', 'bull',
    45.145833, 0.5, 500_000,
    'binance:BTC-USDT: a wall of 500000 USD stands at the bid 20000.0, 42 % of its side',
    'crypto.wall|binance:BTC-USDT|bid_20000.0_0|1723118410000000|stands',
    '{
        "wall_state": "appeared", "book_side": 1, "price": 20000.0, "order_id": null,
        "size": 25.0, "notional_usd": 500000.0, "side_depth": 60.0, "depth_frac": 0.416666667,
        "median_size": 2.0, "median_ratio": 12.5, "n_obs": 1000, "short_history": false,
        "mid": 20010.0, "dist_bps": 50.0, "end_dist_bps": null, "nearest_bps": null,
        "is_reached": null, "exec_size": null, "cancel_size": null, "eaten_frac": null,
        "pulled_frac": null, "moved_price": null, "is_near": false, "epoch": "160",
        "update_id": 1, "began_us": 1723118410000000, "ended_us": 1723118420000000
    }'
);

-- case: less than a fifth of its side is low, on few adds it is less sure
-- given: features.walls
select *
from (
    values
    (1, 1, 0.05, 499),
    (2, -1, 0.125, 500),
    (3, -1, 0.2, 500)
) as given (order_id, book_side, depth_frac, n_obs);
-- expect: direction, score, confidence
values
('bull', 20, 0.3),
('bear', 29.5, 0.5),
('bear', 40, 0.5);

-- case: what became of it is a mention, and high where it was pulled as the price came near
-- given: features.walls
select
    *,
    1 - eaten_frac as pulled_frac,
    '2024-08-08 12:00:30Z' as happened_at,
    '2024-08-08 12:00:31.25Z' as known_at
from (
    values
    (1, 'pulled', 0.2, 19.9, null),
    (2, 'pulled', 0.2, 20.0, null),
    (3, 'eaten', 0.9, 0.0, null),
    (4, 'moved', 0.0, 10.0, 19_990.0),
    (5, 'faded', null, 10.0, null)
) as given (order_id, wall_state, eaten_frac, end_dist_bps, moved_price);
-- expect: direction, score, headline, fired_at
values
(
    'bear', 67.916667,
    'binance:BTC-USDT: the wall of 500000 USD at the bid 20000.0 was 20 % traded and 80 % '
    || 'cancelled as the price came near', '2024-08-08 12:00:31.25Z'
),
(
    'bear', 7.916667,
    'binance:BTC-USDT: the wall of 500000 USD at the bid 20000.0 was 20 % traded and 80 % '
    || 'cancelled', '2024-08-08 12:00:31.25Z'
),
(
    'bear', 7.916667,
    'binance:BTC-USDT: the wall of 500000 USD at the bid 20000.0 was 90 % traded and 10 % '
    || 'cancelled', '2024-08-08 12:00:31.25Z'
),
(
    'neutral', 7.916667,
    'binance:BTC-USDT: the wall at the bid 20000.0 moved to 19990.0', '2024-08-08 12:00:31.25Z'
),
(
    'neutral', 7.916667,
    'binance:BTC-USDT: the book grew around the wall at the bid 20000.0',
    '2024-08-08 12:00:31.25Z'
);

-- case: it has to be nearer than half of the distance before
-- given: features.walls
select
    *,
    'pulled' as wall_state,
    0 as eaten_frac,
    1 as pulled_frac,
    38 as dist_bps
from (
    values
    (1, 18.9, 0.1),
    (2, 19.1, 0.2)
) as given (order_id, end_dist_bps, depth_frac);
-- expect: score
values (61.9), (3.8);

-- case: without a wall there is nothing
-- given: features.walls
select 1 as update_id
where false;
-- expect: nothing

-- case: a round price where many put their orders is a wall too (noisy)
-- given: features.walls
select
    'binance_usdm' as venue,
    -1 as book_side,
    62_000 as price;
-- expect: score, headline
values (
    45.145833,
    'binance_usdm:BTC-USDT: a wall of 500000 USD stands at the ask 62000.0, 42 % of its side'
);

-- case: so is what a market maker quotes all day, each time that it is quoted anew (noisy)
-- given: features.walls
select
    *,
    began_at + interval 10 seconds as happened_at,
    began_at + interval 10.25 seconds as known_at
from (
    values
    (timestamptz '2024-08-08 12:00:00Z'),
    (timestamptz '2024-08-08 12:00:30Z')
) as given (began_at);
-- expect: alert_key
values
('crypto.wall|binance:BTC-USDT|bid_20000.0_0|1723118400000000|stands'),
('crypto.wall|binance:BTC-USDT|bid_20000.0_0|1723118430000000|stands');

-- case: in a book with little in it one order of the floor is medium (noisy)
-- given: features.walls
select
    13 as side_depth,
    12.5 as size,
    250_000 as notional_usd,
    0.96 as depth_frac;
-- expect: score
values (58.05);
