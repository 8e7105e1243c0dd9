-- default: cik = '0001600001', ticker = 'LNLD', issuer = 'Line Inc', line = 1, side = 1
-- default: value_usd = 50_000, is_discretionary = true, owner_title = 'Director'
-- default: is_director = true, is_officer = false, is_ten_percent = false

-- case: a on 2 January, b on the 5th, a on the 9th, c on the 30th, d on 15 March
-- given: features.insider_trades
select
    *,
    available_date as trans_date
from (
    values
    ('1', 'a', date '2024-01-02', '2024-01-02 22:00Z'),
    ('2', 'b', date '2024-01-05', '2024-01-05 22:00Z'),
    ('3', 'a', date '2024-01-09', '2024-01-09 22:00Z'),
    ('4', 'c', date '2024-01-30', '2024-01-30 22:00Z'),
    ('5', 'd', date '2024-03-15', '2024-03-15 21:00Z')
) as given (accession_no, owner_cik, available_date, known_at);
-- expect: known_at, n_insiders_30d, value_30d_usd, accession_no, last_trans_date
values
('2024-01-02 22:00Z', 1, 50_000, '1', '2024-01-02'),
('2024-01-05 22:00Z', 2, 100_000, '2', '2024-01-05'),
('2024-01-09 22:00Z', 2, 150_000, '3', '2024-01-09'),
('2024-01-30 22:00Z', 3, 200_000, '4', '2024-01-30'),
('2024-03-15 21:00Z', 1, 50_000, '5', '2024-03-15');

-- case: a late form joins when it becomes known, and what was amended counts as amended
-- given: features.insider_trades
select *
from (
    values
    ('1', 'a', date '2023-10-02', date '2024-01-02', '2024-01-02 22:00Z', null, 50_000),
    ('2', 'b', date '2024-01-04', date '2024-01-05', '2024-01-05 22:00Z', '2024-01-08 22:00Z', 7e4),
    ('3', 'b', date '2024-01-04', date '2024-01-08', '2024-01-08 22:00Z', null, 20_000)
) as given (accession_no, owner_cik, trans_date, available_date, known_at, withdrawn_at, value_usd);
-- expect: known_at, n_insiders_30d, value_30d_usd
values
('2024-01-02 22:00Z', 1, 50_000),
('2024-01-05 22:00Z', 2, 120_000),
('2024-01-08 22:00Z', 2, 70_000);

-- case: small forms, plans, sales and odd prices are left out; fills of one form are one
-- given: features.insider_trades
select
    given.*,
    other.*
from (
    values
    ('1', 1, 'a', 1, 6_000, true, null),
    ('1', 2, 'a', 1, 4_000, true, null),
    ('2', 1, 'b', 1, 9_999, true, null),
    ('3', 1, 'c', 1, 90_000, false, null),
    ('4', 1, 'd', -1, 90_000, true, null),
    ('5', 1, 'e', 1, 90_000, true, true),
    ('6', 1, 'f', 1, 90_000, true, false)
) as given (accession_no, line, owner_cik, side, value_usd, is_discretionary, is_price_odd)
cross join (values ('2024-01-02 22:00Z', date '2024-01-02'))
    as other (known_at, available_date);
-- expect: known_at, n_insiders_30d, value_30d_usd, accession_no
values ('2024-01-02 22:00Z', 2, 100_000, '1');

-- case: chiefs, officers, large holders and directors weigh differently; habits are counted
-- given: features.insider_trades
select
    given.id as accession_no,
    given.owner_cik,
    given.owner,
    given.is_director,
    given.is_officer,
    given.is_ten_percent,
    given.ceo as is_ceo,
    given.cfo as is_cfo,
    given.habit,
    other.*
from (
    values
    ('1', 'a', 'Ada', true, true, false, true, false, 'opportunistic'),
    ('2', 'b', 'Bea', false, true, true, false, true, 'routine'),
    ('3', 'c', 'Cy', false, true, false, false, false, null),
    ('4', 'd', 'Di', true, false, false, null, null, 'opportunistic'),
    ('5', 'e', 'Fund', false, false, true, null, null, null),
    ('6', 'f', 'Gus', true, false, true, null, null, null)
) as given (id, owner_cik, owner, is_director, is_officer, is_ten_percent, ceo, cfo, habit)
cross join (values ('2024-01-02 22:00Z', date '2024-01-02')) as other (known_at, available_date);
-- expect: n_insiders_30d, n_opportunistic_30d, n_routine_30d, n_officers_30d, has_ceo, has_cfo,
--     role_weight_30d, owners
values (6, 2, 1, 3, true, true, 12, 'Ada, Bea, Cy, Di, Fund, Gus');
