-- default: symbol = 'IBM', venue = 'FINRA', trade_id = 'a', is_offex = true, size = 100
-- default: traded_at = '2024-03-01 15:00:00Z', known_at = '2024-03-01 15:00:00Z'
-- default: session_date = '2024-03-01', is_price_informative = true, is_auction = false
-- default: quoted_at = '2024-03-01 14:59:59.5Z', bid = 100.00, ask = 100.10

-- case: the rule book's prices beside a quote of 100.00 at 100.10
-- given: curated.equity_prints
select *
from (
    values
    ('upper', 100.06), ('mid', 100.05), ('at bid', 100.00), ('above ask', 100.20),
    ('below bid', 99.90), ('lower', 100.02), ('at ask', 100.10)
) as given (trade_id, price);
-- given: curated.equity_quotes
select 'IBM' as symbol;
-- expect: trade_id, price_bucket, round(prem_bps, 3), round(eff_pos, 3), side, side_prob,
--     is_midpoint
values
('upper', 'upper', 1.000, 0.2, 1, 0.65, false),
('mid', 'mid', 0, 0, null, null, true),
('at bid', 'at_bid', -4.998, -1, -1, 0.8, false),
('above ask', 'above_ask', 14.993, 3, 1, 0.8, false),
('below bid', 'below_bid', -14.993, -3, -1, 0.8, false),
('lower', 'lower', -2.999, -0.6, -1, 0.65, false),
('at ask', 'at_ask', 4.998, 1, 1, 0.8, false);

-- case: near the middle, in a wide spread, beside an old quote or of an odd price there is no side
-- given: curated.equity_prints
select
    *,
    100.09 as price
from (
    values
    ('sided', 'IBM', true, false), ('wide', 'WIDE', true, false), ('old', 'OLD', true, false),
    ('average price', 'IBM', false, false), ('nobody says', 'IBM', null, false),
    ('auction', 'IBM', true, true), ('no quote', 'NONE', true, false),
    ('locked', 'LOCK', true, false), ('crossed', 'CROSS', true, false),
    ('one side', 'ONE', true, false)
) as given (trade_id, symbol, is_price_informative, is_auction);
-- given: curated.equity_quotes
select *
from (
    values
    ('IBM', '2024-03-01 14:59:59.0Z', 100.00, 100.10),
    ('WIDE', '2024-03-01 14:59:59.5Z', 99.50, 100.10),
    ('OLD', '2024-03-01 14:59:58.9Z', 100.00, 100.10),
    ('LOCK', '2024-03-01 14:59:59.5Z', 100.10, 100.10),
    ('CROSS', '2024-03-01 14:59:59.5Z', 100.10, 100.00),
    ('ONE', '2024-03-01 14:59:59.5Z', 100.00, null)
) as given (symbol, quoted_at, bid, ask);
-- expect: trade_id, side, price_bucket, quote_age_s
values
('sided', 1, 'upper', 1),
('wide', null, 'upper', 0.5),
('old', null, 'upper', 1.1),
('average price', null, 'upper', 1),
('nobody says', null, 'upper', 1),
('auction', null, 'upper', 1),
('no quote', null, null, null),
('locked', null, null, 0.5),
('crossed', null, null, 0.5),
('one side', null, null, 0.5);

-- case: a hundredth under a fifth of half the spread gives no side
-- given: curated.equity_prints
select *
from (values ('a', 100.0599), ('b', 100.0401), ('c', 100.04)) as given (trade_id, price);
-- given: curated.equity_quotes
select 'IBM' as symbol;
-- expect: trade_id, side
values ('a', null), ('b', null), ('c', -1);

-- case: the quote is the last before the execution, not of its moment and not of its publication
-- given: curated.equity_prints
select
    *,
    100.10 as price
from (
    values
    ('at once', '2024-03-01 15:00:00Z', '2024-03-01 15:00:00Z'),
    ('a clock ahead', '2024-03-01 15:00:20Z', '2024-03-01 15:00:00Z'),
    ('told later', '2024-03-01 15:00:00Z', '2024-03-01 15:01:00Z'),
    ('told too late', '2024-03-01 15:00:00Z', '2024-03-01 15:01:00.000001Z')
) as given (trade_id, traded_at, known_at);
-- given: curated.equity_quotes
select *
from (
    values
    ('2024-03-01 14:59:59Z', 99.00, 99.10), ('2024-03-01 14:59:59.9Z', 100.00, 100.10),
    ('2024-03-01 15:00:00Z', 101.00, 101.10), ('2024-03-01 15:00:30Z', 102.00, 102.10)
) as given (quoted_at, bid, ask);
-- expect: trade_id, bid, ask, price_bucket, quote_age_s
values
('at once', 100.00, 100.10, 'at_ask', 0.1),
('a clock ahead', 100.00, 100.10, 'at_ask', 20.1),
('told later', 100.00, 100.10, 'at_ask', 0.1),
('told too late', null, null, null, null);

-- case: a quote of over a minute ago is none
-- given: curated.equity_prints
select *
from (values ('young', 'Y', 100.10), ('old', 'O', 100.10)) as given (trade_id, symbol, price);
-- given: curated.equity_quotes
select *
from (values ('Y', '2024-03-01 14:59:00Z'), ('O', '2024-03-01 14:58:59.999Z'))
    as given (symbol, quoted_at);
-- expect: trade_id, bid, quote_age_s
values ('young', 100.00, 60), ('old', null, null);

-- case: fractions of a cent tell a wholesaler's customer, off exchange and from a dollar on
-- given: curated.equity_prints
select *
from (
    values
    ('sell', 10.1234, true), ('open', 10.1250, true), ('none', 10.12, true),
    ('buy', 10.1299, true), ('on exchange', 10.1234, false), ('penny stock', 0.1234, true)
) as given (trade_id, price, is_offex);
-- expect: trade_id, retail_side
values
('sell', -1), ('open', null), ('none', null), ('buy', 1), ('on exchange', null),
('penny stock', null);
