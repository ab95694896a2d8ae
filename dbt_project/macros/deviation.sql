{# What the rules of deviations (§5.2) share. #}

{# What the lock of sign-ins noted of a number or a station on a day. #}
{% macro noted_by_lock(kind, code, day) -%}
  select 1
  from {{ ref('stg_operation__deviations') }} as noted
  where
    noted.rule_id = 'DV-X02'
    and noted.finding_id is null
    and noted.subject_kind = {{ kind }}
    and noted.subject_code = {{ code }}
    and noted.occurred_at >= {{ day }} - interval 7 hour
    and noted.occurred_at < {{ day }} + interval 17 hour
{%- endmacro %}

{# A name as the subject of a finding: never empty, never too long. #}
{% macro subject_text(name) -%}
  left(coalesce(nullif(trim({{ name }}), ''), '(kosong)'), 120)
{%- endmacro %}

{# A journey as the log names it: TKI, scheme and number. #}
{% macro journey_name(journey) -%}
  concat({{ journey }}.tki_id, '/', {{ journey }}.scheme_code, '/', {{ journey }}.journey_no)
{%- endmacro %}

{# Whether a body was suspended on a day. #}
{% macro is_suspended(kind, code, day) -%}
  exists (
    select 1
    from {{ ref('stg_registry__suspension') }} as suspension
    where
      suspension.party_kind = {{ kind }}
      and suspension.party_code = {{ code }}
      and {{ day }} between suspension.suspended_from and suspension.suspended_until
  )
{%- endmacro %}

{# What the filter finds on a record as it was received, one row per TKI; `subject` is an expression over its facts. #}
{% macro found_on_record(rule_id, subject_kind, subject) -%}
select
    '{{ rule_id }}' as rule_id,
    '{{ subject_kind }}' as subject_kind,
    {{ subject }} as subject_code,
    finding.tki_id as finding_key,
    finding.tki_id,
    null as journey_id,
    null as session_id,
    finding.evidence,
    batch.started_at as observed_at,
    batch.started_at as touched_at

from {{ ref('fct_tki_finding') }} as finding

inner join {{ ref('int_tki__facts') }} as facts on finding.tki_id = facts.tki_id

inner join {{ ref('stg_bnp2tki__batches') }} as batch on finding.batch_id = batch.batch_id

where finding.rule_id = '{{ rule_id }}'
{%- endmacro %}

{# The same where it holds a result: only of registered TKI, one row per journey. #}
{% macro found_on_journey(rule_id, subject_kind, subject) -%}
select
    '{{ rule_id }}' as rule_id,
    '{{ subject_kind }}' as subject_kind,
    {{ subject }} as subject_code,
    {{ journey_name('journey') }} as finding_key,
    finding.tki_id,
    journey.journey_id,
    null as session_id,
    finding.evidence,
    batch.started_at as observed_at,
    journey.touched_at

from {{ ref('fct_tki_finding') }} as finding

inner join {{ ref('stg_operation__journeys') }} as journey on finding.tki_id = journey.tki_id

inner join {{ ref('int_tki__facts') }} as facts on finding.tki_id = facts.tki_id

inner join {{ ref('stg_bnp2tki__batches') }} as batch on finding.batch_id = batch.batch_id

where finding.rule_id = '{{ rule_id }}'
{%- endmacro %}

{# What the filter holds back for good and was registered all the same, one row per journey. #}
{% macro held_but_registered(rule_id) -%}
select
    '{{ rule_id }}' as rule_id,
    'blkln' as subject_kind,
    {{ subject_text('held.blkln_code') }} as subject_code,
    {{ journey_name('journey') }} as finding_key,
    held.tki_id,
    journey.journey_id,
    null as session_id,
    json_object('sebab', held.reason, 'keadaan', journey.status) as evidence,
    candidate.registered_at as observed_at,
    journey.touched_at

from {{ ref('fct_tki_held_back') }} as held

inner join {{ ref('stg_operation__journeys') }} as journey on held.tki_id = journey.tki_id

inner join {{ ref('stg_operation__candidates') }} as candidate on journey.journey_id = candidate.journey_id

where held.rule_id = '{{ rule_id }}'
{%- endmacro %}

{# The lowest ID TKI of all records that share a key with this one: under it they stand together. #}
{% macro lowest_sharing(key) -%}
(
        select min(sharing.tki_id)
        from {{ ref('int_tki__facts') }} as sharing
        where sharing.{{ key }} = facts.{{ key }}
    )
{%- endmacro %}

{# Where a TKI was to be tested: each place given to a journey in a session that was not called off. #}
{% macro from_places_given() -%}
from {{ ref('stg_operation__journeys') }} as journey

inner join {{ ref('stg_operation__allocations') }} as allocation
    on journey.journey_id = allocation.journey_id
    and allocation.attempt_no is not null

inner join {{ ref('stg_operation__sessions') }} as session
    on allocation.session_id = session.session_id
    and session.status <> 'CANCELLED'
{%- endmacro %}
