-- default: known_at = '2024-02-01 00:00Z'

-- case: every model that was fitted is trusted until the settings say otherwise
-- given: raw.model_fits
select *
from (
    values ('forest', 'a', false), ('forest', 'b', false), ('lof', 'c', false), ('gone', 'd', true)
) as given (model, fit_id, is_gone);
-- expect: model, role
values ('forest', 'champion'), ('lof', 'champion');

-- case: a challenger only runs beside; a name that holds another is another
-- param: challengers = 'lof,forest_2'
-- given: raw.model_fits
select *
from (
    values ('forest', 'a'), ('forest_2', 'b'), ('lof', 'c')
) as given (model, fit_id);
-- expect: model, role
values ('forest', 'champion'), ('forest_2', 'challenger'), ('lof', 'challenger');
