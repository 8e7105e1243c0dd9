-- default: contract = 'SPX190621C02900000', oi_date = '2019-05-08', session_date = '2019-05-09'

-- case: a figure stands until its correction is known, and the correction is a version of its own
-- given: raw.open_interest
select *
from (
    values
    (1_000, '2019-05-09 10:30Z'),
    (1_200, '2019-05-09 15:00Z')
) as given (open_interest, known_at);
-- expect: contract, oi_date, open_interest, known_at, withdrawn_at
values
('SPX190621C02900000', '2019-05-08', 1_000, '2019-05-09 10:30Z', '2019-05-09 15:00Z'),
('SPX190621C02900000', '2019-05-08', 1_200, '2019-05-09 15:00Z', null);

-- case: a tombstone withdraws the figure and is none itself
-- given: raw.open_interest
select *
from (
    values
    (1_000, '2019-05-09 10:30Z', false),
    (1_000, '2019-05-09 15:00Z', true)
) as given (open_interest, known_at, is_gone);
-- expect: open_interest, known_at, withdrawn_at
values (1_000, '2019-05-09 10:30Z', '2019-05-09 15:00Z');

-- case: a figure that is gone may come back
-- given: raw.open_interest
select *
from (
    values
    (1_000, '2019-05-09 10:30Z', false),
    (1_000, '2019-05-09 15:00Z', true),
    (1_000, '2019-05-10 15:00Z', false)
) as given (open_interest, known_at, is_gone);
-- expect: open_interest, known_at, withdrawn_at
values
(1_000, '2019-05-09 10:30Z', '2019-05-09 15:00Z'),
(1_000, '2019-05-10 15:00Z', null);

-- case: of two figures known at the same moment the one recorded last is the only version
-- given: raw.open_interest
select
    *,
    '2019-05-09 10:30Z' as known_at
from (
    values
    (1_000, '2026-01-01 00:00Z', 'b'),
    (1_200, '2026-01-02 00:00Z', 'a')
) as given (open_interest, recorded_at, load_id);
-- expect: open_interest, known_at, withdrawn_at
values (1_200, '2019-05-09 10:30Z', null);

-- case: a correction that is not known yet is not seen, nor does it withdraw
-- span: 2019-05-09 2019-05-09T15:00Z
-- given: raw.open_interest
select *
from (
    values
    (1_000, '2019-05-09 10:30Z'),
    (1_200, '2019-05-09 15:00Z')
) as given (open_interest, known_at);
-- expect: open_interest, withdrawn_at
values (1_000, null);

-- case: another contract and another session correct nothing
-- given: raw.open_interest
select *
from (
    values
    ('SPX190621C02900000', '2019-05-08', '2019-05-09 10:30Z'),
    ('SPX190621P02900000', '2019-05-08', '2019-05-09 10:31Z'),
    ('SPX190621C02900000', '2019-05-09', '2019-05-10 10:30Z')
) as given (contract, oi_date, known_at);
-- expect: contract, oi_date, withdrawn_at
values
('SPX190621C02900000', '2019-05-08', null),
('SPX190621P02900000', '2019-05-08', null),
('SPX190621C02900000', '2019-05-09', null);
