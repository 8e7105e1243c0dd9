-- default: cik = '0001067983', period_end = '2024-06-30', cusip = 'A', ticker = 'AAA'
-- default: known_at = '2024-08-14 20:00Z', holder_change = 'unchanged', share_type = 'SH'
-- default: prev_value_usd = 2_000_000, accession_no = 'now', previous_accession_no = 'before'

-- case: a position that is worth half as much more or less without a trade is told
-- given: features.holder_changes
select *
from (
    values
    ('1', 'A', 3_000_001, 'unchanged', null, 'SH'),
    ('2', 'B', 999_999, 'unchanged', null, 'SH'),
    ('3', 'C', 3_000_000, 'unchanged', null, 'SH'),
    ('4', 'D', 9_000_000, 'increased', null, 'SH'),
    ('5', 'E', 9_000_000, 'unchanged', 'put', 'SH'),
    ('6', 'F', 9_000_000, 'unchanged', null, 'PRN')
) as given (cik, cusip, value_usd, holder_change, put_call, share_type);
-- expect: entity, reason, evidence ->> 'accession_no'
values
('cik:1', 'as many shares of AAA as before, worth 3000001 and not 2000000 USD', 'now'),
('cik:2', 'as many shares of AAA as before, worth 999999 and not 2000000 USD', 'now');

-- case: where three tell that the price moved so far it did; who tells another price is told
-- given: features.holder_changes
select *
from (
    values
    ('1', 6_000_000),
    ('2', 6_000_000),
    ('3', 6_100_000),
    ('4', 6_000)
) as given (cik, value_usd);
-- expect: entity
values ('cik:4');

-- case: bounds that are parameters move
-- param: max_change_frac = 0.1
-- param: min_others = 2
-- param: max_gap = 1.1
-- param: min_value_usd = 10
-- given: features.holder_changes
select *
from (
    values
    ('1', 'A', 120, 100),
    ('1', 'B', 10.9, 10),
    ('1', 'C', 9, 7),
    ('1', 'D', 120, 100),
    ('2', 'D', 160, 100)
) as given (cik, cusip, value_usd, prev_value_usd);
-- expect: entity, evidence ->> 'cusip'
values ('cik:1', 'A'), ('cik:1', 'D'), ('cik:2', 'D');
