-- default: index_name = 'SP500', symbol = 'AAL', from_date = '2015-03-23', is_member = true
-- default: is_list = false, known_at = '2015-03-23 04:00Z'

-- case: who leaves has an end that is told when it comes, and may come again
-- given: raw.index_members
select *
from (
    values
    ('1996-01-02', true, '1996-01-02 05:00Z'),
    ('1997-01-15', false, '1997-01-15 05:00Z'),
    ('2015-03-23', true, '2015-03-23 04:00Z')
) as given (from_date, is_member, known_at);
-- expect: symbol, from_date, to_date, known_at, withdrawn_at
values
('AAL', '1996-01-02', null, '1996-01-02 05:00Z', '1997-01-15 05:00Z'),
('AAL', '1996-01-02', '1997-01-15', '1997-01-15 05:00Z', null),
('AAL', '2015-03-23', null, '2015-03-23 04:00Z', null);

-- case: a fund's list holds until the next one, in which somebody may be missing
-- given: raw.index_members
select
    'SPY' as index_name,
    true as is_list,
    *
from (
    values
    ('A', '2020-11-27', 0.6, 300, '2020-11-30 11:30Z'),
    ('B', '2020-11-27', 0.4, 200, '2020-11-30 11:30Z'),
    ('A', '2020-11-30', 1.0, 500, '2020-12-01 11:30Z')
) as given (symbol, from_date, weight_frac, shares, known_at);
-- expect: symbol, from_date, to_date, weight_frac, shares, known_at, withdrawn_at
values
('A', '2020-11-27', null, 0.6, 300, '2020-11-30 11:30Z', '2020-12-01 11:30Z'),
('B', '2020-11-27', null, 0.4, 200, '2020-11-30 11:30Z', '2020-12-01 11:30Z'),
('A', '2020-11-27', '2020-11-30', 0.6, 300, '2020-12-01 11:30Z', null),
('B', '2020-11-27', '2020-11-30', 0.4, 200, '2020-12-01 11:30Z', null),
('A', '2020-11-30', null, 1.0, 500, '2020-12-01 11:30Z', null);

-- case: a leave that is still to come is not known, and a row that is gone is none
-- span: 2015-01-01 2016-01-01
-- given: raw.index_members
select *
from (
    values
    ('AAL', '2015-03-23', true, '2015-03-23 04:00Z', false),
    ('AAL', '2024-09-23', false, '2024-09-23 04:00Z', false),
    ('HBI', '2015-03-23', true, '2015-03-23 04:00Z', false),
    ('HBI', '2015-03-23', true, '2015-03-24 04:00Z', true)
) as given (symbol, from_date, is_member, known_at, is_gone);
-- expect: symbol, from_date, to_date, withdrawn_at
values ('AAL', '2015-03-23', null, null);
