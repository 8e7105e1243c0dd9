-- case: options of the month expire on its third Friday, and the day before where that is closed
-- given: curated.us_sessions
select session_date
from curated.us_sessions
where
    session_date between '2022-04-01' and '2022-04-30'
    or session_date between '2024-03-01' and '2024-03-31'
    or session_date between '2024-11-01' and '2024-11-30'
    or session_date between '1996-11-01' and '1996-11-30';
-- expect: session_date
values ('1996-11-15'), ('2022-04-14'), ('2024-03-15'), ('2024-11-15');
