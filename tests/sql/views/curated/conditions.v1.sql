-- default: source_feed = 'massive_option_trades', asset = 'option', valid_from = '1970-01-01'
-- default: name = 'ISOI', is_iso = true, is_floor = false, meaning = 'intermarket sweep'

-- case: a code means what its newest publication says
-- given: raw.conditions
select *
from (
    values
    ('219', 'auction', '1970-01-01 00:00Z', false),
    ('219', 'regular', '2024-03-01 00:00Z', false),
    ('220', 'regular', '1970-01-01 00:00Z', false),
    ('220', 'regular', '2024-03-01 00:00Z', true)
) as given (condition, trade_class, known_at, is_gone);
-- expect: source_feed, asset, condition, name, trade_class, is_iso, is_floor, meaning
values (
    'massive_option_trades', 'option', '219', 'ISOI', 'regular', true, false, 'intermarket sweep'
);

-- case: a code that means another thing later stands once for each stretch
-- given: raw.conditions
select
    *,
    '2024-01-01 00:00Z' as known_at
from (
    values
    ('46', 'regular', '2010-01-01', '2015-01-01'),
    ('46', 'cross', '2015-01-01', null)
) as given (condition, trade_class, valid_from, valid_to);
-- expect: condition, trade_class, valid_from, valid_to
values
('46', 'regular', '2010-01-01', '2015-01-01'),
('46', 'cross', '2015-01-01', null);

-- case: a letter that means two things stands once for each tape
-- given: raw.conditions
select
    *,
    'equity' as asset,
    'B' as condition,
    '1970-01-01 00:00Z' as known_at,
    true as counts_volume
from (values ('A', 'average', false), ('C', 'regular', true))
    as given (tape, trade_class, is_price_informative);
-- expect: tape, condition, trade_class, counts_volume, is_price_informative
values ('A', 'B', 'average', true, false), ('C', 'B', 'regular', true, true);
