{{
    config(
        materialized='view',
        pre_hook="call {{ target.schema }}.allocate_seats({{ 0 if is_delta('allocate') else 1 }})"
    )
}}
-- Allocate stage (§12.5): seats that the queues received, served in their order by the procedure `allocate_seats`.
-- Grain: one row per queue and lot; a lot is a run of places in the queue that share TUK, LSP and day.
-- depends_on: {{ ref('int_allocation__queue') }}
-- depends_on: {{ ref('int_allocation__tie') }}
-- depends_on: {{ ref('int_tuk__seat_day') }}
-- depends_on: {{ ref('stg_registry__blkln_tuk_rule') }}
select
    queue_id,
    lot_no,
    rank_from,
    rank_to,
    tuk_code,
    lsp_code,
    open_on,
    priority

from {{ as_last_run_left('allocation_lot') }}
