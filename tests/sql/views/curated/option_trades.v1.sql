-- default: contract = 'AAPL240315C00180000', underlying = 'AAPL', venue = 'CBOE'
-- default: opt_trade_class = 'regular', known_at = '2024-03-01 15:00Z', price = 100.05, size = 10
-- default: bid = 100.00, ask = 100.10, is_quoted = true, premium_usd = 100_050

-- case: what the source says of the side is certain
-- given: curated.option_sides
select
    'a' as trade_id,
    -1 as side_told,
    1 as side_lee_ready;
-- expect: side, side_prob, premium_usd
values (-1, 1.0, 100_050);

-- case: a side is the surer the nearer the print is to the quotes
-- given: curated.option_sides
select *
from (
    values
    ('a', 100.20, 1, null),
    ('b', 100.10, 1, null),
    ('c', 100.06, 1, null),
    ('d', 100.05, -1, -1),
    ('e', 100.02, -1, null),
    ('f', 100.00, -1, null),
    ('g', 99.90, -1, null),
    ('h', 100.05, null, null)
) as given (trade_id, price, side_lee_ready, side_tick);
-- expect: trade_id, price_bucket, side, side_prob
values
('a', 'above_ask', 1, 0.8),
('b', 'at_ask', 1, 0.8),
('c', 'upper', 1, 0.65),
('d', 'mid', -1, 0.55),
('e', 'lower', -1, 0.65),
('f', 'at_bid', -1, 0.8),
('g', 'below_bid', -1, 0.8),
('h', 'mid', null, null);

-- case: without a quote the tick says it, which is hardly better than a coin
-- given: curated.option_sides
select
    'a' as trade_id,
    null as bid,
    null as ask,
    false as is_quoted,
    1 as side_lee_ready;
-- expect: price_bucket, side, side_prob
values (null, 1, 0.55);

-- case: the stack asks the shown sizes first, and the depth before the tick
-- param: side_rule = stack
-- given: curated.option_sides
select *
from (
    values
    ('size', 1, -1, null, null),
    ('quote', null, -1, 1, null),
    ('depth', null, null, 1, -1),
    ('tick', null, null, null, -1)
) as given (trade_id, side_size, side_quote, side_depth, side_tick);
-- expect: trade_id, side
values
('size', 1),
('quote', -1),
('depth', 1),
('tick', -1);

-- case: another rule may be asked
-- param: side_rule = clnv
-- given: curated.option_sides
select
    'a' as trade_id,
    -1 as side_clnv,
    1 as side_lee_ready;
-- expect: side
values (-1);

-- case: the next version withdraws a trade, and no other of the same id elsewhere
-- given: curated.option_sides
select *
from (
    values
    ('a', 'CBOE', '2024-03-01 15:00Z'),
    ('a', 'CBOE', '2024-03-01 15:01Z'),
    ('a', 'BOX', '2024-03-01 15:00Z'),
    ('b', 'CBOE', '2024-03-01 15:00Z')
) as given (trade_id, venue, known_at);
-- given: curated.touched_option_prints
select
    *,
    'CBOE' as venue_name
from (
    values
    ('a', '2024-03-01 15:00Z', '2024-03-01 15:01Z', true),
    ('a', '2024-03-01 15:01Z', null, true),
    ('b', '2024-03-01 15:00Z', null, true),
    ('b', '2024-03-01 15:00Z', '2024-03-01 15:02Z', false)
) as given (trade_id, known_at, withdrawn_at, is_told);
-- expect: trade_id, venue, known_at, withdrawn_at
values
('a', 'CBOE', '2024-03-01 15:00Z', '2024-03-01 15:01Z'),
('a', 'CBOE', '2024-03-01 15:01Z', null),
('a', 'BOX', '2024-03-01 15:00Z', null),
('b', 'CBOE', '2024-03-01 15:00Z', null);
