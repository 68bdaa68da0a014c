-- Turns mt_events into a partitioned table: what is there becomes the first partition, new numbers go into new ones. See event-log.md.
-- psql -v ON_ERROR_STOP=1 -v first=100000000 -v step=100000000 -v app=loyalty_app -f partition-events.sql, as the owner of the tables, one database at a time.
-- :first must lie above every number drawn so far. Until the last part, services run on; it locks the log for as long as it takes to rename.

alter table mt_events add constraint mt_events_0_range check (seq_id < :first) not valid;
alter table mt_events validate constraint mt_events_0_range;
create index concurrently if not exists mt_events_0_stream on mt_events (stream_id, version);

begin;
lock table mt_events in access exclusive mode;
alter table mt_events rename to mt_events_0;
alter index pk_mt_events_stream_and_version rename to mt_events_0_stream_and_version;
create table mt_events (like mt_events_0 including defaults) partition by range (seq_id);
alter table mt_events add primary key (seq_id);
create index pk_mt_events_stream_and_version on mt_events (stream_id, version);
alter table mt_events attach partition mt_events_0 for values from (minvalue) to (:first);
create table mt_events_1 partition of mt_events for values from (:first) to (:first + :step);
alter sequence mt_events_sequence owned by mt_events.seq_id;
grant select, insert on mt_events to :app;
commit;
