namespace CrmPlatform.Customers.Companies;

/// <summary>A contact leaves the company, and all roles end with it; or returns, without roles.</summary>
/// <param name="OccurredAt">When; now if left out, not in the future.</param>
public sealed record LeaveCompany(DateTimeOffset? OccurredAt = null)
{
    public ICompanyContactEvent[] Leave(CompanyContact contact, Guid id, DateTimeOffset now)
    {
        var since = contact.Known(id).In[^1];
        return since.Until is not null ? [] : Left(contact, After(since.From, now), now);
    }

    public ICompanyContactEvent[] Return(CompanyContact contact, Guid id, DateTimeOffset now) =>
        contact.Known(id).In[^1].Until is { } left ? [new ContactReturned(After(left, now), now)] : [];

    /// <summary>What is recorded of a contact that leaves.</summary>
    public static ICompanyContactEvent[] Left(CompanyContact contact, DateTimeOffset at, DateTimeOffset now) =>
        [
            .. contact.Roles.Where(r => r.Until is null || r.Until > at).Select(r => new RoleEnded(r.Role, r.Scope, at, now)),
            new ContactLeft(at, now),
        ];

    /// <exception cref="RuleViolationException"><c>in-the-future</c> or <c>overlap</c>.</exception>
    DateTimeOffset After(DateTimeOffset before, DateTimeOffset now)
    {
        var at = Clocks.Told(OccurredAt, now);
        return at >= before
            ? at
            : throw new RuleViolationException("overlap", $"That is before {before:O}, when it was the other way round.", "occurredAt");
    }

    public static void Map(CrmService room)
    {
        room.MapPost(
                "contacts/{id:guid}/leave",
                "A contact leaves the company",
                "customers.companies.write",
                async (Guid id, LeaveCompany command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, CompanyContact.Of(id), c => command.Leave(c, id, request.Now)))
            )
            .Refuses("in-the-future", "overlap");
        room.MapPost(
                "contacts/{id:guid}/return",
                "A contact returns to the company",
                "customers.companies.write",
                async (Guid id, LeaveCompany command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, CompanyContact.Of(id), c => command.Return(c, id, request.Now)))
            )
            .WithName("ReturnToCompany")
            .Refuses("in-the-future", "overlap");
    }
}
