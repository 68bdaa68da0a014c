-- For each room's database after it was set back to an instant T by other means than ./crm restore (deploy/README.md), before the rooms start:
--   psql -v restored_to="'2026-11-29 10:00:00+00'" -d customers -f after-restore.sql
-- The broker was emptied, so the feed sends again what may have been on its way at T: a generous hour before it. Listeners keep each fact once.
-- The public stream is written again from the first event. For a room without a log nothing is to be done.
select to_regclass('public.mt_events') is not null as has_log \gset
\if :has_log
begin;
update public.mt_event_progression set last_seq_id = least(last_seq_id,
    (select coalesce(min(seq_id) - 1, last_seq_id) from public.mt_events where timestamp > timestamptz :restored_to - interval '1 hour'))
where name = 'feed';
update public.mt_event_progression set last_seq_id = 0 where name = 'public-stream';
commit;
\endif
