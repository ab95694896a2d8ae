{{
    config(
        delta_part='evaluation',
        delta_scope='int_evaluation__touched_deviation',
        delta_by='deviation_id',
        keys=['key occurred (occurred_on)'],
        tags=['evaluation']
    )
}}
-- Evaluation (§5.2, §14.2; R-162): deviations with the LSP and TUK that they concern: of the session, else of the TKI's place now.
-- Grain: one row per deviation. LSP and TUK are `-` where it concerns none, such as a sign-in.
-- depends_on: {{ ref('int_evaluation__touched_deviation') }}
select
    deviation.deviation_id,
    {{ local_day('deviation.occurred_at') }} as occurred_on,
    deviation.rule_id,
    deviation.severity,
    deviation.is_attempt,
    coalesce(sitting.lsp_code, case when upper(deviation.subject_kind) = 'LSP' then deviation.subject_code end, '-') as lsp_code,
    coalesce(sitting.tuk_code, case when upper(deviation.subject_kind) = 'TUK' then deviation.subject_code end, '-') as tuk_code,
    coalesce(sitting.scheme_code, journey.scheme_code, '-') as scheme_code,
    coalesce(nullif(upper(trim(candidate.destination)), ''), '-') as destination,
    coalesce(deviation.tki_id, journey.tki_id) as tki_id,
    sitting.session_id,
    deviation.subject_kind,
    deviation.subject_code

from {{ ref('stg_operation__deviations') }} as deviation
{% if is_delta('evaluation') %}
    inner join {{ ref('int_evaluation__touched_deviation') }} as touched on deviation.deviation_id = touched.deviation_id
{% endif %}
left join {{ ref('stg_operation__journeys') }} as journey on deviation.journey_id = journey.journey_id

left join {{ ref('stg_operation__candidates') }} as candidate on deviation.journey_id = candidate.journey_id

left join {{ ref('stg_operation__allocations') }} as place
    on journey.journey_id = place.journey_id and journey.attempt_no = place.attempt_no

left join {{ ref('stg_operation__sessions') }} as sitting on coalesce(deviation.session_id, place.session_id) = sitting.session_id
