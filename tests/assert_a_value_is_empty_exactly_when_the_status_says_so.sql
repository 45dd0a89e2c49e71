select * from {{ ref('measures_all') }}
where
    (value is not null) <> (status in ('ok', 'partial_period'))
    -- What is missing must be explained.
    or (status <> 'ok' and status_reason is null)
    -- A number rests on a source; a gap has none.
    or (value is not null and (source_ids is null or data_origin is null or as_at_date is null))
