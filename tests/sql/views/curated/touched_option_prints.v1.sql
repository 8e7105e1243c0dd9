-- default: contract = 'AAPL240315C00180000', calendar = 'XNYS', session_date = '2024-03-01'
-- default: source = 'massive_option_trades', venue = '302', condition = '209'
-- default: price = 2.5, size = 10, asset = 'option', valid_from = '1970-01-01'
-- default: source_feed = 'massive_option_trades', trade_class = 'regular'
-- default: known_at = '2024-03-01 15:00Z'

-- case: a cancel takes the newest equal print that still stands
-- given: raw.option_trades
select
    *,
    known_at as traded_at
from (
    values
    ('a', '209', 2.5, '2024-03-01 15:00:00Z'),
    ('b', '209', 2.5, '2024-03-01 15:01:00Z'),
    ('other price', '209', 2.6, '2024-03-01 15:01:30Z'),
    ('cancel b', '201', 2.5, '2024-03-01 15:02:00Z'),
    ('c', '209', 2.5, '2024-03-01 15:03:00Z'),
    ('cancel c', '201', 2.5, '2024-03-01 15:04:00Z'),
    ('cancel a', '201', 2.5, '2024-03-01 15:05:00Z'),
    ('cancel none', '201', 2.5, '2024-03-01 15:06:00Z')
) as given (trade_id, condition, price, known_at);
-- given: curated.conditions
select *
from (
    values
    ('209', 'regular'),
    ('201', 'cancel')
) as given (condition, trade_class);
-- expect: trade_id, withdrawn_at, is_unmatched, is_told
values
('a', '2024-03-01 15:05:00Z', false, true),
('b', '2024-03-01 15:02:00Z', false, true),
('c', '2024-03-01 15:04:00Z', false, true),
('cancel a', null, false, true),
('cancel b', null, false, true),
('cancel c', null, false, true),
('cancel none', null, true, true);

-- case: a print told again withdraws what was said before, and one taken back is gone
-- given: raw.option_trades
select
    *,
    '2024-03-01 15:00:00Z' as traded_at
from (
    values
    ('a', 2.5, '2024-03-01 15:00:00Z', false),
    ('a', 2.6, '2024-03-02 11:00:00Z', false),
    ('b', 2.5, '2024-03-01 15:00:00Z', false),
    ('b', null, '2024-03-02 11:00:00Z', true)
) as given (trade_id, price, known_at, is_gone);
-- expect: trade_id, price, withdrawn_at, is_told
values
('a', 2.5, '2024-03-02 11:00:00Z', true),
('a', 2.6, null, true),
('b', 2.5, '2024-03-02 11:00:00Z', true),
('b', null, null, false);

-- case: what is told twice in one moment is told once, as it was recorded last
-- given: raw.option_trades
select
    *,
    '2024-03-01 15:00:00Z' as known_at
from (
    values
    ('twice', 2.5, '2024-03-01 15:00:01Z'),
    ('twice', 2.6, '2024-03-01 15:00:02Z'),
    ('once', 2.7, '2024-03-01 15:00:02Z')
) as given (trade_id, price, recorded_at);
-- expect: trade_id, price, is_told
values
('twice', 2.5, false),
('twice', 2.6, true);

-- case: a source's code of a venue has a name, or stands for itself
-- given: raw.option_trades
select *
from (
    values
    ('a', '302', '2024-03-01 15:00:00Z'),
    ('a', '302', '2024-03-01 15:00:01Z'),
    ('b', '999', '2024-03-01 15:00:00Z'),
    ('b', '999', '2024-03-01 15:00:01Z')
) as given (trade_id, venue, known_at);
-- given: curated.venues
select
    '302' as venue_code,
    'CBOE' as venue;
-- expect: trade_id, venue, venue_name, withdrawn_at
values
('a', '302', 'CBOE', '2024-03-01 15:00:01Z'),
('a', '302', 'CBOE', null),
('b', '999', '999', '2024-03-01 15:00:01Z'),
('b', '999', '999', null);
