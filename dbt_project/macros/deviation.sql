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
