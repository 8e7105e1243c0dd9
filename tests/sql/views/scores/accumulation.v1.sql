-- default: symbol = 'AAA', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'

-- case: the rule book's example, with a fresh filing and one of 45 days
-- given: features.score_components
select
    given.symbol,
    kinds.component,
    kinds.s,
    case when kinds.component = 'inst' then given.age_days end as age_days
from (values ('FRESH', 0), ('OLDER', 45)) as given (symbol, age_days)
cross join (
    values
    ('dp', 0.8 * 252 / 272), ('inst', 0.9 * 12 / 16), ('insider', null),
    ('blocks', 0.5 * 252 / 272), ('unusual', -0.2 * 252 / 272), ('flow', 1)
) as kinds (component, s);
-- expect: entity, symbol, session_date, known_at, round(accumulation, 4), label, part_inst,
--     part_insider, part_dp, f_inst, accumulation_legacy, label_legacy
values
(
    'FRESH', 'FRESH', '2024-03-01', '2024-03-02 02:00Z', 55.3235, 'strong_accumulation', 40.5, 0,
    round(16 * 252 / 272, 9), 1, 75, 'strong_accumulation'
),
(
    'OLDER', 'OLDER', '2024-03-01', '2024-03-02 02:00Z', 35.0735, 'moderate_accumulation', 20.25,
    0, round(16 * 252 / 272, 9), 0.5, 75, 'strong_accumulation'
);

-- case: all neutral and all missing are 0 and neutral; the founding score said distribution
-- given: features.score_components
select
    given.symbol,
    kinds.component,
    given.s,
    0 as age_days
from (values ('ZERO', 0), ('NONE', null)) as given (symbol, s)
cross join (values ('dp'), ('inst'), ('insider')) as kinds (component);
-- expect: symbol, accumulation, label, f_inst, accumulation_legacy, label_legacy
values
('ZERO', 0, 'neutral', 1, -25, 'moderate_distribution'),
('NONE', 0, 'neutral', null, -25, 'moderate_distribution');

-- case: exactly 50 is moderate and 20 neutral, and the same below zero
-- given: features.score_components
select
    given.symbol,
    kinds.component,
    given.s,
    0 as age_days
from (
    values
    ('FULL', 1), ('OVER', 0.500001), ('50', 0.5), ('ABOVE', 0.200001), ('20', 0.2), ('-20', -0.2),
    ('BELOW', -0.200001), ('-50', -0.5), ('UNDER', -0.500001), ('EMPTY', -1)
) as given (symbol, s)
cross join (values ('dp'), ('inst'), ('insider')) as kinds (component);
-- expect: symbol, accumulation, label
values
('FULL', 100, 'strong_accumulation'),
('OVER', 50.0001, 'strong_accumulation'),
('50', 50, 'moderate_accumulation'),
('ABOVE', 20.0001, 'moderate_accumulation'),
('20', 20, 'neutral'),
('-20', -20, 'neutral'),
('BELOW', -20.0001, 'moderate_distribution'),
('-50', -50, 'moderate_distribution'),
('UNDER', -50.0001, 'strong_distribution'),
('EMPTY', -100, 'strong_distribution');

-- case: the founding weights over labels, strong ones from a half on
-- given: features.score_components
select
    given.symbol,
    kinds.component,
    case kinds.component when 'inst' then given.inst when 'dp' then given.dp else given.insider end
        as s,
    0 as age_days
from (
    values
    ('UP', 0.5, 0.1, null), ('DOWN', -0.5, -0.49, -0.9)
) as given (symbol, inst, insider, dp)
cross join (values ('dp'), ('inst'), ('insider')) as kinds (component);
-- expect: symbol, accumulation_legacy, label_legacy
values
('UP', 65, 'strong_accumulation'),
('DOWN', -90, 'strong_distribution');
