-- DV-X02 (§12.5): rejected sign-ins that stay below the lock: many numbers at one station, or one number often, on one day. What the lock
-- itself stopped stands in the register already. Grain: one row per station and day, and per number and day.
select
    'DV-X02' as rule_id,
    'station' as subject_kind,
    counted.station_code as subject_code,
    cast(counted.day_on as char) as finding_key,
    null as tki_id,
    null as journey_id,
    null as session_id,
    json_object('sebab', 'banyak nomor ditolak di satu stasiun', 'nomor', counted.numbers, 'ditolak', counted.rejected) as evidence,
    counted.last_at as observed_at,
    counted.last_at as touched_at

from (
    select
        station_code,
        {{ local_day('attempted_at') }} as day_on,
        count(*) as rejected,
        count(distinct id_as_typed) as numbers,
        max(attempted_at) as last_at

    from {{ ref('stg_operation__login_attempts') }}

    where outcome <> 'OK'

    group by
        station_code,
        {{ local_day('attempted_at') }}
) as counted

where
    counted.numbers >= {{ parameter_on('login_numbers_a_day', 'counted.day_on') }}
    and not exists ({{ noted_by_lock("'station'", 'counted.station_code', 'counted.day_on') }})

union all

select
    'DV-X02' as rule_id,
    'staff' as subject_kind,
    counted.id_as_typed as subject_code,
    cast(counted.day_on as char) as finding_key,
    null as tki_id,
    null as journey_id,
    null as session_id,
    json_object('sebab', 'satu nomor berulang kali ditolak', 'ditolak', counted.rejected, 'stasiun', counted.stations) as evidence,
    counted.last_at as observed_at,
    counted.last_at as touched_at

from (
    select
        id_as_typed,
        {{ local_day('attempted_at') }} as day_on,
        count(*) as rejected,
        count(distinct station_code) as stations,
        max(attempted_at) as last_at

    from {{ ref('stg_operation__login_attempts') }}

    where outcome <> 'OK'

    group by
        id_as_typed,
        {{ local_day('attempted_at') }}
) as counted

where
    counted.rejected >= {{ parameter_on('login_rejected_a_day', 'counted.day_on') }}
    and not exists ({{ noted_by_lock("'staff'", 'counted.id_as_typed', 'counted.day_on') }})
