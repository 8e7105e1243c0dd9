-- default: session_date = '2024-03-01', underlying = 'AAPL', put_call = 'call'
-- default: opt_trade_class = 'regular', premium_usd = 1_000, known_at = '2024-03-01 15:00Z'
-- default: size = 10, multiplier = 100

-- case: what was bought and sold is told apart, as it is and by how sure its side is
-- given: curated.option_trades
select *
from (
    values
    ('regular', 1, 0.8, 1_000.4), ('auction', -1, 0.65, 2_000), ('regular', null, null, 4_000),
    ('cross', 1, 1, 8_000), ('multi_leg', -1, 1, 16_000), ('administrative', 1, 1, 32_000),
    (null, 1, 1, 64_000)
) as given (opt_trade_class, side, side_prob, premium_usd);
-- expect: session_date, known_date, underlying, put_call, half_hour, known_at, premium_usd,
--     package_premium_usd, bought_usd, sold_usd, certain_net_usd, certain_usd, net_delta_usd,
--     delta_premium_usd
values (
    '2024-03-01', '2024-03-01', 'AAPL', 'call', 1, '2024-03-01 15:00Z', 31_000, 16_000, 1_000,
    2_000, 0, 1_200, 0, 0
);

-- case: delta is of the underlying, where the print has one, and a put's is negative
-- given: curated.option_trades
select
    *,
    180.5 as underlying_price,
    0.8 as side_prob
from (
    values
    ('call', 1, 0.5), ('call', -1, 0.25), ('call', 1, null), ('put', 1, -0.5), ('put', null, -0.5)
) as given (put_call, side, delta);
-- expect: put_call, net_delta_usd, delta_premium_usd
values
('call', 45_125, 2_000),
('put', -90_250, 1_000);

-- case: prints count in the half hour in which they became known, until they are withdrawn
-- given: curated.option_trades
select
    *,
    1 as side,
    1 as side_prob
from (
    values
    ('2024-03-01 14:29Z', null, 1), ('2024-03-01 14:30Z', '2024-03-01 14:40Z', 2),
    ('2024-03-01 14:31Z', '2024-03-01 15:01Z', 4), ('2024-03-01 14:32Z', '2024-03-02 09:00Z', 8),
    ('2024-03-01 21:00Z', null, 16)
) as given (known_at, withdrawn_at, premium_usd);
-- expect: half_hour, premium_usd, bought_usd, certain_net_usd
values
(-1, 1, 1, 1),
(0, 12, 12, 12),
(1, -4, -4, -4),
(13, 16, 16, 16);

-- case: coins have no such session
-- given: curated.option_trades
select 'deribit:BTC-USD' as underlying;
-- expect: nothing
