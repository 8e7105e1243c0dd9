-- default: underlying = 'AAPL', calendar = 'XNYS', iv30_error = 0.001, spot = 100
-- default: vega_traded_usd = 1_000_000, is_half_session = false

-- case: a rise is held against the same quarter of an hour of the sessions before
-- param: min_changes = 4
-- span: 2024-03-07 15:00Z 2024-03-07 15:15:00.000001Z
-- given: curated.sessions
select
    sequence,
    'XNYS' as calendar,
    date '2024-03-01' + cast(sequence as integer) as session_date,
    timestamptz '2024-03-01 14:30Z' + to_days(cast(sequence as integer)) as opens_at,
    timestamptz '2024-03-01 21:00Z' + to_days(cast(sequence as integer)) as closes_at
from range(1, 8) as given (sequence);
-- given: features.iv_quarters
select
    told.iv30,
    date '2024-03-01' + told.sequence as session_date,
    date '2024-03-01' + told.sequence as known_date,
    1_899_226 + told.nth + 96 * told.sequence as quarter_id,
    timestamptz '2024-03-01 14:31Z' + to_days(told.sequence) + told.nth * interval 15 minutes
        as known_at
from (
    values
    (2, 1, 0.25), (2, 2, 0.25 * exp(0.01)), (3, 1, 0.25), (3, 2, 0.25 * exp(0.03)),
    (4, 1, 0.25), (4, 2, 0.25 * exp(0.02)), (5, 1, 0.25), (5, 2, 0.25),
    -- Another quarter of the day, and one whose predecessor was not told.
    (5, 3, 0.9), (1, 2, 0.9), (6, 1, 0.25), (6, 2, 0.30), (6, 3, 0.31)
) as told (sequence, nth, iv30);
-- expect: underlying, session_date, nth, known_at, iv30, previous_iv30, iv30_error, d_iv,
--     n_changes, middle, mad, max_d_iv, jump_z, vega_traded_usd, calendar
values (
    'AAPL', '2024-03-07', 2, '2024-03-07 15:15Z', 0.3, 0.25, 0.001, 0.182321557, 4, 0.015, 0.01,
    0.03, 11.285839, 1_000_000, 'XNYS'
);

-- case: below 20 changes there is no z, and what is told before the open or by files has none
-- span: 2024-03-07 00:00Z 2024-03-08 00:00Z
-- given: curated.sessions
select *
from (
    values ('XNYS', '2024-03-07', 1, '2024-03-07 14:30Z', '2024-03-07 21:00Z')
) as given (calendar, session_date, sequence, opens_at, closes_at);
-- given: features.iv_quarters
select
    *,
    '2024-03-07' as session_date,
    '2024-03-07' as known_date,
    epoch_us(cast(known_at as timestamptz)) // 900_000_000 as quarter_id
from (
    values
    ('2024-03-07 14:29Z', 0.25), ('2024-03-07 14:31Z', 0.26), ('2024-03-07 14:46Z', 0.27),
    ('2024-03-07 15:01Z', null), ('2024-03-07 15:16Z', 0.27), ('2024-03-07 21:29Z', 0.27),
    ('2024-03-07 21:30Z', 0.5)
) as given (known_at, iv30);
-- expect: nth, iv30, n_changes, jump_z
values (1, 0.27, 0, null);

-- case: between two quarters nothing is told
-- span: 2024-03-07 15:00:00.000001Z 2024-03-07 15:15Z
-- given: curated.sessions
select *
from (
    values ('XNYS', '2024-03-07', 1, '2024-03-07 14:30Z', '2024-03-07 21:00Z')
) as given (calendar, session_date, sequence, opens_at, closes_at);
-- given: features.iv_quarters
select
    *,
    '2024-03-07' as session_date,
    '2024-03-07' as known_date,
    epoch_us(cast(known_at as timestamptz)) // 900_000_000 as quarter_id
from (
    values ('2024-03-07 14:46Z', 0.25), ('2024-03-07 15:01Z', 0.26)
) as given (known_at, iv30);
-- expect: nothing
