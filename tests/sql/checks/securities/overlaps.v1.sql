-- default: source = 'master', known_at = '2024-02-14 21:00Z'

-- case: two tickers at once are told; one after the other, and two sources, are not
-- given: raw.securities
select *
from (
    values
    ('master', '037833100', 'AAPL', '2020-01-01', '2022-01-01'),
    ('master', '037833100', 'APPL', '2021-01-01', null),
    ('master', '30303M102', 'FB', '2020-01-01', '2022-06-09'),
    ('master', '30303M102', 'META', '2022-06-09', null),
    ('other', '30303M102', 'FBK', '2021-06-09', null)
) as given (source, cusip, ticker, valid_from, valid_to);
-- expect: entity, reason
values ('cusip:037833100', 'it is APPL from 2021-01-01 and was AAPL to 2022-01-01');
