-- default: source_feed = 'massive_option_trades', asset = 'option', valid_from = '1970-01-01'

-- case: a code names what its newest publication says, and nothing once that is gone
-- given: raw.venues
select *
from (
    values
    ('302', 'CBO', 'XCBO', 'Cboe', '1970-01-01 00:00Z', false),
    ('302', 'CBOE', 'XCBO', 'Cboe', '2024-03-01 00:00Z', false),
    ('308', 'ISE', 'XISX', 'Nasdaq ISE', '1970-01-01 00:00Z', false),
    ('308', 'ISE', 'XISX', 'Nasdaq ISE', '2024-03-01 00:00Z', true)
) as given (venue_code, venue, mic, name, known_at, is_gone);
-- expect: source_feed, asset, venue_code, venue, mic, name, valid_from, valid_to
values (
    'massive_option_trades', 'option', '302', 'CBOE', 'XCBO', 'Cboe', '1970-01-01', null
);
