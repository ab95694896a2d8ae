{{ config(stays_with='judge', keys=['primary key (blkln_code)']) }}
-- Filter stage (§10.1): training centres that are known, BNSP's own register laid over BNP2TKI's table.
-- Grain: one row per BLKLN.
with

known as (

    select blkln_code from {{ ref('stg_bnp2tki__blkln') }}
    union
    select blkln_code from {{ ref('stg_registry__blkln') }}

)

select
    known.blkln_code,
    cast(row_number() over (order by known.blkln_code) as signed) as blkln_no,
    coalesce(own.blkln_name, sent.blkln_name) as blkln_name,
    coalesce(own.capacity, sent.capacity) as capacity,
    coalesce(own.valid_until, sent.valid_until) as valid_until,
    own.closed_on,
    exists(
        select 1
        from {{ ref('stg_registry__suspension') }} as suspension
        where suspension.party_kind = 'BLKLN' and suspension.party_code = known.blkln_code
    ) as is_ever_suspended

from known

left join {{ ref('stg_bnp2tki__blkln') }} as sent on known.blkln_code = sent.blkln_code

left join {{ ref('stg_registry__blkln') }} as own on known.blkln_code = own.blkln_code
