namespace CrmPlatform.Loyalty.Measures;

/// <summary>The tables of <see cref="MeasureView"/>.</summary>
static class MeasureTables
{
    public const string Ddl = """
        create table if not exists measure_member (
            customer_id uuid primary key, seq bigint not null, event_id uuid not null, version bigint not null,
            joined_at timestamptz not null, joined_on date not null, cohort date not null);
        create table if not exists measure_tier (
            customer_id uuid not null, seq bigint not null, tier text not null, occurred_at timestamptz not null,
            primary key (customer_id, seq));
        create table if not exists measure_purchase (
            seq bigint primary key, event_id uuid not null, customer_id uuid not null, version bigint not null,
            purchase_id uuid not null, net numeric not null, occurred_at timestamptz not null);
        create index if not exists measure_purchase_of_customer on measure_purchase (customer_id, occurred_at, seq);
        create table if not exists measure_return (
            seq bigint primary key, event_id uuid not null, customer_id uuid not null, version bigint not null,
            purchase_id uuid not null, net numeric not null, occurred_at timestamptz not null);
        create index if not exists measure_return_of_purchase on measure_return (customer_id, purchase_id);
        create table if not exists measure_act (
            seq bigint primary key, event_id uuid not null, stream_id uuid not null, customer_id uuid not null,
            version bigint not null, kind text not null, occurred_at timestamptz not null);
        create index if not exists measure_act_of_customer on measure_act (customer_id, occurred_at, seq);
        create table if not exists measure_lot (
            lot_id uuid primary key, customer_id uuid not null, seq bigint not null, event_id uuid not null, version bigint not null,
            net numeric not null,
            earned_at timestamptz not null, occurred_at timestamptz not null, expires_at timestamptz not null,
            active_from timestamptz, awaits boolean not null, slides boolean not null);
        create index if not exists measure_lot_waiting on measure_lot (active_from) where active_from is not null;
        create table if not exists measure_unlock (
            lot_id uuid primary key, seq bigint not null, expires_at timestamptz not null, occurred_at timestamptz not null);
        create table if not exists measure_touch (
            customer_id uuid not null, seq bigint not null, expires_at timestamptz not null, occurred_at timestamptz not null,
            primary key (customer_id, seq));
        create table if not exists measure_claim (
            lot_id uuid not null, seq bigint not null, refunded numeric not null, occurred_at timestamptz not null,
            primary key (lot_id, seq));
        create table if not exists measure_move (
            seq bigint not null, n int not null, event_id uuid not null, customer_id uuid not null, version bigint not null,
            lot_id uuid, kind text not null, points bigint not null,
            occurred_at timestamptz not null, primary key (seq, n));
        create index if not exists measure_move_of_lot
            on measure_move (lot_id) include (occurred_at, points, kind) where lot_id is not null;
        create index if not exists measure_move_of_debt
            on measure_move (customer_id) include (occurred_at, points) where lot_id is null;
        """;
}
