-- case: what is measured is what the live detectors say
-- given: detectors.all_live
select
    'options.sweep' as detector,
    'AAPL' as entity,
    'k' as alert_key,
    55 as score,
    '2024-03-01 15:00Z' as fired_at;
-- expect: detector, entity, alert_key, score
values ('options.sweep', 'AAPL', 'k', 55);
