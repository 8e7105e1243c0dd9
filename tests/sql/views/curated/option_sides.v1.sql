-- default: contract = 'AAPL240315C00180000', venue = 'CBOE', opt_trade_class = 'regular'
-- default: size = 10

-- case: within a spread of ten cents each rule looks at another part of it
-- given: curated.option_prints
select
    *,
    100.00 as bid,
    100.10 as ask,
    '2024-03-01 15:00:00Z' as known_at
from (
    values
    ('above the ask', 'a', 100.20),
    ('at the ask', 'b', 100.10),
    ('upper', 'c', 100.06),
    ('outer upper', 'd', 100.07),
    ('mid', 'e', 100.05),
    ('lower', 'f', 100.02),
    ('at the bid', 'g', 100.00)
) as given (trade_id, contract, price);
-- expect: trade_id, side_quote, side_tick, side_lee_ready, side_emo, side_clnv
values
('above the ask', 1, null, 1, null, null),
('at the ask', 1, null, 1, 1, 1),
('upper', 1, null, 1, null, null),
('outer upper', 1, null, 1, null, 1),
('mid', null, null, null, null, null),
('lower', -1, null, -1, null, -1),
('at the bid', -1, null, -1, -1, -1);

-- case: at the middle the tick decides, and outside its thirds that of CLNV
-- given: curated.option_prints
select
    *,
    1.00 as bid,
    1.10 as ask
from (
    values
    ('first', 1.10, '2024-03-01 15:00:00Z'),
    ('down to the middle', 1.05, '2024-03-01 15:00:10Z'),
    ('up a little', 1.06, '2024-03-01 15:00:20Z')
) as given (trade_id, price, known_at);
-- given: curated.option_ticks
select *
from (
    values
    ('down to the middle', '2024-03-01 15:00:10Z', -1),
    ('up a little', '2024-03-01 15:00:20Z', 1)
) as given (trade_id, known_at, tick);
-- expect: trade_id, side_quote, side_lee_ready, side_emo, side_clnv
values
('first', 1, 1, 1, 1),
('down to the middle', null, -1, -1, -1),
('up a little', 1, 1, 1, 1);

-- case: without a quote the tick speaks for every rule but that of the quote
-- given: curated.option_prints
select *
from (
    values
    ('first', 1.10, '2024-03-01 15:00:00Z'),
    ('down', 1.05, '2024-03-01 15:00:10Z')
) as given (trade_id, price, known_at);
-- given: curated.option_ticks
select *
from (
    values
    ('down', '2024-03-01 15:00:10Z', -1)
) as given (trade_id, known_at, tick);
-- expect: trade_id, side_quote, side_tick, side_lee_ready, side_emo, side_clnv
values
('first', null, null, null, null, null),
('down', null, -1, -1, -1, -1);

-- case: a print of exactly what was shown fills a customer's order, if one side alone shows it
-- given: curated.option_prints
select
    *,
    1.05 as price,
    1.00 as bid,
    1.10 as ask,
    trade_id as contract,
    '2024-03-01 15:00:00Z' as known_at
from (
    values
    ('the bid', 10, 20),
    ('the offer', 5, 10),
    ('both', 10, 10),
    ('neither', 7, 8)
) as given (trade_id, bid_size, ask_size);
-- expect: trade_id, side_size, side_depth
values
('the bid', 1, 1),
('the offer', -1, 1),
('both', null, null),
('neither', null, 1);

-- case: locked or crossed quotes say nothing, nor does a single side
-- given: curated.option_prints
select
    *,
    contract as trade_id,
    1.10 as price,
    '2024-03-01 15:00:00Z' as known_at
from (
    values
    ('locked', 1.10, 1.10),
    ('crossed', 1.20, 1.10),
    ('no bid', null, 1.10)
) as given (contract, bid, ask);
-- expect: trade_id, is_quoted, is_crossed, side_quote, side_lee_ready, side_emo, side_clnv
values
('locked', false, true, null, null, null, null),
('crossed', false, true, null, null, null, null),
('no bid', false, false, null, null, null, null);

-- case: packages, crosses and late prints take no part in the tape, and cancels are no trades
-- given: curated.option_prints
select
    *,
    1.00 as bid,
    1.20 as ask
from (
    values
    ('first', 1.00, 'regular', '2024-03-01 15:00:00Z'),
    ('leg', 1.20, 'multi_leg', '2024-03-01 15:00:01Z'),
    ('unknown', 1.20, null, '2024-03-01 15:00:01Z'),
    ('cancel', 1.00, 'cancel', '2024-03-01 15:00:02Z'),
    ('middle', 1.10, 'auction', '2024-03-01 15:00:03Z')
) as given (trade_id, price, opt_trade_class, known_at);
-- given: curated.option_ticks
select *
from (
    values
    ('middle', '2024-03-01 15:00:03Z', 1)
) as given (trade_id, known_at, tick);
-- expect: trade_id, side_quote, side_tick
values
('first', -1, null),
('leg', null, null),
('unknown', null, null),
('middle', null, 1);

-- case: the quote is the one strictly before the print, and none that is a minute old
-- given: curated.option_prints
select
    *,
    traded_at as known_at,
    1 as usd_rate
from (
    values
    ('at the same moment', '2024-03-01 15:00:00Z', null),
    ('just after', '2024-03-01 15:00:00.000001Z', null),
    ('a minute after', '2024-03-01 15:01:05Z', null),
    ('too late', '2024-03-01 15:01:05.000001Z', null),
    ('its own', '2024-03-01 15:00:01Z', 9)
) as given (trade_id, traded_at, bid);
-- given: curated.option_quotes
select
    *,
    stood_at as known_at
from (
    values
    ('2024-03-01 14:59:59Z', 1.0, 1.1),
    ('2024-03-01 15:00:00Z', 2.0, 2.1),
    ('2024-03-01 15:00:05Z', 3.0, 3.1)
) as given (stood_at, bid, ask);
-- expect: trade_id, bid, ask
values
('at the same moment', 1.0, 1.1),
('just after', 2.0, 2.1),
('a minute after', 3.0, 3.1),
('too late', null, null),
('its own', 9, null);
