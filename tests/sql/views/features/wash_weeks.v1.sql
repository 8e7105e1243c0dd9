-- default: venue = 'binance', pair = 'BTC-USDT', known_date = '2024-08-08', n_zeros = 0
-- default: n_fine = 0, n_repeats = 0, min_size = 0.00000001, sum_ln_size = -18.420680744
-- default: channel = 'trades', reason = 'gap'

-- case: the rule book's digits are 1.352 and 0.00286 from Benford's
-- given: features.wash_days
select
    *,
    first_digit as size_bin,
    '2024-08-08 12:00Z' as known_at
from (
    values
    (1, 300), (2, 180), (3, 120), (4, 100), (5, 80), (6, 70), (7, 60), (8, 50), (9, 40)
) as given (first_digit, n_trades);
-- expect: venue, pair, week_at, known_at, n_trades, round(benford_chi_square, 3),
--     round(benford_mad, 5), fails_benford, wash_score
values
(
    'binance', 'BTC-USDT', '2024-08-05 00:00Z', '2024-08-12 00:00Z', 1_000, 1.352, 0.00286, null,
    null
);

-- case: the first-digit law counts digits that never came, and needs two decades of sizes
-- given: features.wash_days
select
    *,
    '2024-08-08 12:00Z' as known_at
from (
    values
    ('narrow', 0, 1, 200), ('narrow', 460, 5, 9_800),
    ('wide', 0, 1, 200), ('wide', 461, 5, 9_800)
) as given (pair, size_bin, first_digit, n_trades);
-- expect: pair, round(n_decades, 3), round(benford_mad, 6), fails_benford
select
    given.pair,
    given.n_decades,
    -- Digits 1 and 5 as found, the other seven as the law has them.
    round(
        (abs(0.02 - log10(2)) + abs(0.98 - log10(1.2)) + 1 - log10(2) - log10(1.2)) / 9, 6
    ) as mad,
    given.is_failed
from (
    values
    ('narrow', 1.998, null),
    ('wide', 2.002, true)
) as given (pair, n_decades, is_failed);

-- case: of 10,000 large trades 100 are round by chance, of genuine ones many more
-- given: features.wash_days
select
    pair,
    n_zeros,
    n_trades,
    700 as size_bin,
    1 as first_digit,
    min_size,
    '2024-08-08 12:00Z' as known_at
from (
    values
    ('chance', 3, 9_880, 1_000), ('chance', 5, 120, 1_000),
    ('genuine', 3, 9_880, 1_000), ('genuine', 5, 121, 1_000),
    ('small', 3, 9_880, 0.009), ('small', 5, 120, 0.009)
) as given (pair, n_zeros, n_trades, min_size);
-- expect: pair, round(round_z, 3), n_large, fails_round
values
('chance', 2.01, 10_000, false),
('genuine', 2.109, 10_001, false),
('small', null, 0, null);

-- case: sizes that cluster nowhere fail
-- given: features.wash_days
select
    n_zeros,
    n_trades,
    700 as size_bin,
    1 as first_digit,
    1_000 as min_size,
    n_trades * (ln(1_000) + 1 / 1.5) as sum_ln_size,
    '2024-08-08 12:00Z' as known_at
from (
    values
    (3, 9_900), (5, 100)
) as given (n_zeros, n_trades);
-- expect: round_z, fails_round, wash_score
values (0, true, 1);

-- case: the tail is the top twentieth, and its exponent genuine between 1 and 2
-- given: features.wash_days
select
    * exclude (excess),
    1 as first_digit,
    n_trades * ln(min_size) + excess as sum_ln_size,
    '2024-08-08 12:00Z' as known_at
from (
    values
    ('genuine', 0, 950, 1, 0), ('genuine', 100, 50, 2, 40),
    ('thin', 0, 950, 1, 0), ('thin', 100, 50, 2, 20),
    ('fat', 0, 950, 1, 0), ('fat', 100, 50, 2, 60),
    ('two bins', 0, 950, 1, 0), ('two bins', 100, 30, 2, 10), ('two bins', 101, 20, 2, 30),
    ('few', 0, 949, 1, 0), ('few', 100, 50, 2, 20)
) as given (pair, size_bin, n_trades, min_size, excess);
-- expect: pair, hill, fails_tail
values
('genuine', 1.25, false),
('thin', 2.5, true),
('fat', round(50 / 60, 6), true),
('two bins', 1.25, false),
('few', null, null);

-- case: sizes that come back at once fail, from one in twenty on
-- given: features.wash_days
select
    *,
    10_000 as n_trades,
    1 as first_digit,
    1 as size_bin,
    1 as min_size,
    8 as n_zeros,
    10_000 * 0.6 as sum_ln_size,
    '2024-08-08 12:00Z' as known_at
from (
    values
    ('back', 1_000, 51), ('not', 1_000, 50), ('few', 999, 999)
) as given (pair, n_fine, n_repeats);
-- expect: pair, repeat_frac, fails_repeat, wash_score
values
('back', 0.051, true, 1),
('not', 0.05, false, 0),
('few', null, null, 0);

-- case: a week is Monday to Sunday, adds up its days and tells hours without trades that it knew of
-- given: features.wash_days
select
    *,
    1 as first_digit,
    1 as size_bin,
    5_000 as n_trades,
    1 as min_size,
    8 as n_zeros,
    5_000 * 0.6 as sum_ln_size,
    known_date as known_at
from (
    values
    ('2024-08-04'), ('2024-08-05'), ('2024-08-11')
) as given (known_date);
-- given: ops.feed_gaps
select *
from (
    values
    ('all', '2024-08-04 23:00Z', '2024-08-05 01:00Z', '2024-08-05 01:00Z'),
    ('all', '2024-08-06 00:00Z', '2024-08-06 02:00Z', '2024-08-13 01:00Z'),
    ('BTC-USDT', '2024-08-11 12:00Z', null, '2024-08-11 12:00Z')
) as given (pair, began_at, ended_at, known_at);
-- expect: week_at, n_trades, wash_score, gap_hours
values
('2024-07-29 00:00Z', 5_000, null, 0),
('2024-08-05 00:00Z', 10_000, 0, 13);
