using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>Who has which tag, a row for each origin, under the code with which it was recorded.</summary>
public sealed class TagMembers : IProjection
{
    public string Name => "tag-members";

    public string Ddl =>
        """
            create table if not exists tag_members (
                customer_id uuid not null, tag text collate "C" not null, origin text not null, since timestamptz not null,
                until timestamptz, primary key (customer_id, tag, origin));
            create index if not exists tag_members_tag on tag_members (tag, customer_id);
            create index if not exists tag_members_until on tag_members (until) where until is not null
            """;

    public void Register(EventHandlers on) =>
        on.On<CustomerTagged>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        insert into tag_members (customer_id, tag, origin, since, until) values ($1, $2, $3, $4, $5)
                        on conflict (customer_id, tag, origin) do update set since = excluded.since, until = excluded.until
                        """,
                        e.StreamId,
                        t.Tag,
                        t.Origin,
                        t.OccurredAt,
                        t.Until
                    )
            )
            .On<CustomerUntagged>(
                (t, e, sql) =>
                {
                    if (t.Origin is { } origin and not TagOrigin.Manual)
                        Delete(e.StreamId, t.Tag, origin, sql);
                    else
                        sql.Add("delete from tag_members where customer_id = $1 and tag = $2", e.StreamId, t.Tag);
                }
            )
            .On<TagExpired>((t, e, sql) => Delete(e.StreamId, t.Tag, t.Origin, sql))
            .On<CustomerForgotten>((_, e, sql) => sql.Add("delete from tag_members where customer_id = $1", e.StreamId));

    static void Delete(Guid customer, string tag, TagOrigin origin, SqlBatch sql) =>
        sql.Add("delete from tag_members where customer_id = $1 and tag = $2 and origin = $3", customer, tag, origin);
}
