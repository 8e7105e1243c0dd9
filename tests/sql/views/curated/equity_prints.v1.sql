-- default: source = 'sample_equity_trades', symbol = 'IBM', venue = 'N', trade_id = 'a'
-- default: traded_at = '2024-03-01 15:00:00Z', known_at = '2024-03-01 15:00:00Z', tape = 'A'
-- default: session_date = '2024-03-01', price = 100, size = 100, load_id = 'one'
-- default: source_feed = 'sample_equity_trades', asset = 'equity', valid_from = '1970-01-01'
-- default: counts_volume = true, is_price_informative = true, is_iso = false, is_gone = false

-- case: letter B is an average price on tapes A and B, and an ordinary trade on C
-- given: raw.equity_trades
select
    *,
    'B' as conditions
from (values ('a', 'A'), ('b', 'B'), ('c', 'C'), ('no tape', null)) as given (trade_id, tape);
-- given: curated.conditions
select
    *,
    'B' as condition
from (values ('A', 'average', false), ('B', 'average', false), ('C', 'regular', true))
    as given (tape, trade_class, is_price_informative);
-- expect: trade_id, trade_class, counts_volume, is_price_informative, has_unknown_code
values
('a', 'average', true, false, false),
('b', 'average', true, false, false),
('c', 'regular', true, true, false),
('no tape', 'average', true, false, false);

-- case: of several codes the strictest wins, and one that nobody knows leaves the price open
-- given: raw.equity_trades
select *
from (
    values
    ('one', '@'), ('swept late', '@,F,Z'), ('not counted', 'F,M'), ('opening', '@,O'),
    ('unknown', '@,?'), ('unknown and late', 'Z,?'), ('twice', '@,@'), ('none', null)
) as given (trade_id, conditions);
-- given: curated.conditions
select
    *,
    'any' as tape
from (
    values
    ('@', 'regular', true, true, false), ('F', 'regular', true, true, true),
    ('Z', 'late', true, false, false), ('M', 'official', false, false, false),
    ('O', 'auction', true, true, false)
) as given (condition, trade_class, counts_volume, is_price_informative, is_iso);
-- expect: trade_id, trade_class, counts_volume, is_price_informative, is_auction, is_iso, is_late,
--     has_unknown_code
values
('one', 'regular', true, true, false, false, false, false),
('swept late', 'late', true, false, false, true, true, false),
('not counted', 'official', false, false, false, true, false, false),
('opening', 'auction', true, true, true, false, false, false),
('unknown', 'regular', true, null, false, false, false, true),
('unknown and late', 'late', true, false, false, false, true, true),
('twice', 'regular', true, true, false, false, false, false),
('none', null, true, null, false, false, false, true);

-- case: a source that sends no code for an ordinary print says so by an empty one
-- given: raw.equity_trades
select cast(null as text) as conditions;
-- given: curated.conditions
select
    'any' as tape,
    '' as condition,
    'regular' as trade_class;
-- expect: trade_class, is_price_informative, has_unknown_code
values ('regular', true, false);

-- case: a code means what it meant on the print's day
-- given: raw.equity_trades
select '8' as conditions;
-- given: curated.conditions
select
    *,
    'any' as tape,
    '8' as condition
from (
    values ('late', '2010-01-01', '2024-03-01'), ('regular', '2024-03-01', null)
) as given (trade_class, valid_from, valid_to);
-- expect: trade_class, is_late
values ('regular', false);

-- case: FINRA's prints are off exchange, and of an unknown venue nobody says
-- given: raw.equity_trades
select *
from (values ('D', 'FINN'), ('N', null), ('?', null)) as given (venue, facility);
-- given: curated.venues
select *
from (values ('D', 'FINRA'), ('N', 'NYSE')) as given (venue_code, venue);
-- expect: venue, is_offex, facility
values ('FINRA', true, 'FINN'), ('NYSE', false, null), ('?', null, null);

-- case: what is published over ten seconds after it was executed is late, whatever its code
-- given: raw.equity_trades
select *
from (
    values
    ('in time', '2024-03-01 15:00:10Z'), ('late', '2024-03-01 15:00:10.000001Z'),
    ('rule book C7', '2024-03-01 15:20:00Z')
) as given (trade_id, known_at);
-- expect: trade_id, is_late, report_delay_s
values ('in time', false, 10), ('late', true, 10.000001), ('rule book C7', true, 1200);

-- case: regular hours are from the open until before the close, of a half session too
-- given: raw.equity_trades
select
    *,
    traded_at as known_at
from (
    values
    ('before', '2024-03-01 14:29:59Z', '2024-03-01'),
    ('open', '2024-03-01 14:30:00Z', '2024-03-01'),
    ('close', '2024-03-01 21:00:00Z', '2024-03-01'),
    ('half', '2024-07-03 17:30:00Z', '2024-07-03')
) as given (trade_id, traded_at, session_date);
-- expect: trade_id, is_regular_hours
values ('before', false), ('open', true), ('close', false), ('half', false);

-- case: another version withdraws a print, and a tombstone ends it
-- given: raw.equity_trades
select *
from (
    values
    ('a', 'one', 100, '2024-03-01 15:00:00Z', false),
    ('a', 'two', 101, '2024-03-02 15:00:00Z', false),
    ('b', 'one', 200, '2024-03-01 15:00:00Z', false),
    ('b', 'two', 200, '2024-03-02 15:00:00Z', true),
    ('c', 'one', 300, '2024-03-01 15:00:00Z', false)
) as given (trade_id, load_id, price, known_at, is_gone);
-- expect: trade_id, price, withdrawn_at, value_usd
values
('a', 100, '2024-03-02 15:00:00Z', 10_000),
('a', 101, null, 10_100),
('b', 200, '2024-03-02 15:00:00Z', 20_000),
('c', 300, null, 30_000);
