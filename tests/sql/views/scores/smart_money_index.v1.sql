-- default: symbol = 'AAA', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'

-- case: the rule book's example, its parts, and what the founding weights make of it
-- given: features.score_components
select *
from (
    values
    ('dp', 0.25, 0.8 * 252 / 272), ('inst', 0.25, 0.9 * 12 / 16), ('insider', 0.1, null),
    ('blocks', 0.25, 0.5 * 252 / 272), ('unusual', 0.15, -0.2 * 252 / 272), ('flow', null, 1)
) as given (component, weight, s);
-- expect: entity, symbol, session_date, known_at, round(smart_money_index, 4), label,
--     is_near_neutral, coverage, round(agreement, 6), part_dp, part_inst, part_blocks,
--     part_unusual, part_insider, round(s_unusual, 6), s_insider,
--     round(smart_money_index_legacy, 4), label_legacy
values (
    'AAA', 'AAA', '2024-03-01', '2024-03-02 02:00Z', 72.1029, 'moderate_bullish', false, 0.9,
    0.888298, round(12.5 * 0.8 * 252 / 272, 9), 8.4375, round(12.5 * 0.5 * 252 / 272, 9),
    round(-7.5 * 0.2 * 252 / 272, 9), 0, round(-0.2 * 252 / 272, 6), null,
    round(
        0.25 * (50 + 40 * 252 / 272) + 0.35 * 83.75 + 0.25 * (50 + 25 * 252 / 272)
        + 0.15 * 20 * 252 / 272, 4
    ),
    'moderate_bullish'
);

-- case: all neutral is 50 and no bear, all missing 50 without a label; the founding 42.5 for both
-- given: features.score_components
select
    kinds.component,
    kinds.weight,
    given.symbol,
    given.s
from (values ('ZERO', 0), ('NONE', null)) as given (symbol, s)
cross join (
    values
    ('dp', 0.25), ('inst', 0.25), ('insider', 0.1), ('blocks', 0.25), ('unusual', 0.15),
    ('flow', null)
) as kinds (component, weight);
-- expect: symbol, smart_money_index, label, is_near_neutral, coverage, agreement,
--     smart_money_index_legacy, label_legacy
values
('ZERO', 50, 'moderate_bullish', true, 1, null, 42.5, 'moderate_bearish'),
('NONE', 50, null, true, 0, null, 42.5, 'moderate_bearish');

-- case: bands begin at 75, 50 and 25, the near one ends below 5, and a label takes 0.3 of weight
-- given: features.score_components
select
    kinds.component,
    kinds.weight,
    given.symbol,
    given.s
from (
    values
    ('FULL', 1, 1), ('75', 0.5, 1), ('BELOW', 0.499999, 1), ('55', 0.1, 1),
    ('NEAR', 0.0999999, 1), ('50', 0, 1), ('UNDER', -0.0000001, 1), ('25', -0.5, 1),
    ('SOLD', -0.500001, 1), ('EMPTY', -1, 1), ('LITTLE', 1, 0)
) as given (symbol, s, has_all)
inner join (
    values
    ('dp', 0.25), ('inst', 0.25), ('insider', 0.1), ('blocks', 0.25), ('unusual', 0.15)
) as kinds (component, weight)
    on given.has_all = 1 or kinds.component = 'inst';
-- expect: symbol, smart_money_index, label, is_near_neutral
values
('FULL', 100, 'strong_buying', false),
('75', 75, 'strong_buying', false),
('BELOW', 74.99995, 'moderate_bullish', false),
('55', 55, 'moderate_bullish', false),
('NEAR', 54.999995, 'moderate_bullish', true),
('50', 50, 'moderate_bullish', true),
('UNDER', 49.999995, 'moderate_bearish', true),
('25', 25, 'moderate_bearish', false),
('SOLD', 24.99995, 'strong_selling', false),
('EMPTY', 0, 'strong_selling', false),
('LITTLE', 62.5, null, false);

-- case: something unusual that is bearish lowers the index, while it raised the founding one
-- given: features.score_components
select
    'unusual' as component,
    0.15 as weight,
    -0.8 as s;
-- expect: smart_money_index, part_unusual, smart_money_index_legacy
values (44, -6, 54.5);
