using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Companies;

/// <summary>Which buying roles of a company are filled, now or at another moment.</summary>
public static class GetCoverage
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "companies/{id:guid}/coverage",
                "Which buying roles of a company are filled, now or at another moment",
                "customers.read",
                async (
                    Guid id,
                    string? asOf,
                    EventStore store,
                    NpgsqlDataSource db,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var at = business.Moment("asOf", asOf) ?? clock.GetUtcNow();
                    if ((await store.Read(Customer.Of(id), ct)).State is not { Kind: CustomerKind.Enterprise, Exists: true })
                        return Answer.NotFound("company", id);
                    var holders = await db.Query<Coverage.Holder>(
                        """
                        select r.contact_id, r.role, exists (
                                select 1 from customer_interactions i where i.occurred_at <= @at and i.occurred_at > @since
                                    and (i.contact_id = c.contact_id or i.customer_id = c.person_id)) as spoken
                        from company_contacts c join company_contact_roles r on r.contact_id = c.contact_id
                        where c.company_id = @id and r.from_at <= @at and (r.until_at is null or r.until_at > @at)
                            and exists (
                                select 1 from company_contact_spans s
                                where s.contact_id = c.contact_id and s.from_at <= @at and (s.until_at is null or s.until_at > @at))
                        """,
                        new
                        {
                            id,
                            at,
                            since = at.AddDays(-Coverage.Days),
                        },
                        ct
                    );
                    return Results.Ok(Coverage.Of(id, at, holders));
                }
            )
            .Produces<Coverage>();
}
