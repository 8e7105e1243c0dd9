-- kind:       state
-- partition:  none
-- what:       Rows that broke their dataset's contract, kept as they came.
-- grain:      one row per row set aside
-- key:        load_id, dataset, position, reason

create table rejected (
    dataset text not null,  -- where it was meant to go
    reason text not null,  -- what it breaks
    row json not null,  -- the row as the loader gave it, or the line of the file
    origin text not null,  -- the file or the address
    position bigint not null  -- its place in the file; the line where it could not be read
);
