using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>
/// Finds customers who may be one: per customer the HMACs of the keys by which they are compared (<see cref="BlockingKeys"/>), the fact
/// that holds the profile, those that verified its contacts since, and the HMAC of the name. No personal text: the profile is opened from
/// its facts.
/// </summary>
public sealed class MatchIndex(PersonalIndex index, Business business, IdentityOptions options) : IProjection
{
    const string WithoutKeys = """
        delete from match_keys using match_profiles p
        where p.customer_id = $1 and match_keys.customer_id = $1 and key = any(p.keys)
        """;

    public string Name => "match-index";

    public string Ddl =>
        """
            create table if not exists match_keys (key bigint not null, customer_id uuid not null, primary key (key, customer_id));
            create table if not exists match_profiles (
                customer_id uuid primary key, version bigint not null, name bigint, verified bigint[] not null default '{}');
            create table if not exists match_refused (customer_id uuid primary key);
            alter table match_profiles add column if not exists keys bigint[] not null default '{}';
            -- Of an older version, which found a customer's keys by an index.
            do $$ begin
                if to_regclass('match_keys_customer') is not null then
                    update match_profiles p set keys = array(select key from match_keys k where k.customer_id = p.customer_id);
                    drop index match_keys_customer;
                end if;
            end $$
            """;

    public void Register(EventHandlers on) =>
        on.On<CustomerRegistered>((r, e, sql) => Put(r.Kind, r.Personal?.Value, e, sql))
            .On<ProfileRevised>((r, e, sql) => Put(r.Kind, r.Personal?.Value, e, sql))
            .On<MatchingRefused>((_, e, sql) => sql.Add("insert into match_refused (customer_id) values ($1)", e.StreamId))
            .On<MatchingAllowed>((_, e, sql) => sql.Add("delete from match_refused where customer_id = $1", e.StreamId))
            .On<FieldVerified>(
                (_, e, sql) => sql.Add("update match_profiles set verified = verified || $2 where customer_id = $1", e.StreamId, e.Version)
            )
            .On<CustomerForgotten>(
                (_, e, sql) =>
                {
                    sql.Add("delete from match_refused where customer_id = $1", e.StreamId);
                    sql.Add(WithoutKeys, e.StreamId);
                    sql.Add("delete from match_profiles where customer_id = $1", e.StreamId);
                }
            );

    void Put(CustomerKind kind, PersonalDetails? details, RecordedEvent e, SqlBatch sql)
    {
        if (e.Version > 1)
            sql.Add(WithoutKeys, e.StreamId);
        if (details is null)
            return; // forgotten since: the fact that says so takes the rest away
        var profile = MatchProfile.Of(kind, details, business.Region, options);
        var keys = BlockingKeys.Of(profile).Select(k => k.Hash(index)).Distinct().ToArray();
        sql.Add(
            """
            with profile as (
                insert into match_profiles (customer_id, version, name, keys) values ($1, $2, $3, $4)
                on conflict (customer_id)
                    do update set version = excluded.version, verified = '{}', name = excluded.name, keys = excluded.keys)
            insert into match_keys (key, customer_id) select unnest($4::bigint[]), $1
            """,
            e.StreamId,
            e.Version,
            profile.Name is { } name ? BlockingKeys.Counted(name).Hash(index) : null as object,
            keys
        );
    }
}
