using System.ComponentModel;

namespace CrmPlatform.Customers.Companies;

/// <summary>A contact has a say from an instant on. The same role with another strength follows the one before.</summary>
/// <param name="Role"><c>decider</c>, <c>approver</c>, <c>champion</c>, <c>influencer</c>, <c>user</c>, <c>gatekeeper</c> or
/// <c>blocker</c>.</param>
/// <param name="Strength">How much, from 1 (little) to 5.</param>
/// <param name="Scope">In what: <c>all</c>, or the code of an opportunity.</param>
/// <param name="From">From when on; now if left out.</param>
public sealed record GiveRole(
    BuyingRole Role,
    [property: Range(1, 5)] int Strength,
    [property: Code(60)] string Scope = "all",
    DateTimeOffset? From = null
)
{
    public ICompanyContactEvent[] Decide(CompanyContact contact, Guid id, DateTimeOffset now)
    {
        var (from, open) = ((From ?? now).ToUniversalTime(), contact.Present(id).Open(Role, Scope));
        if (open is not null && open.Strength == Strength && (From is null || open.From == from))
            return [];
        if (contact.Roles.Any(r => r.Role == Role && r.Scope == Scope && (r.From >= from || r.Until > from)) || from < contact.In[^1].From)
            throw new RuleViolationException("overlap", "The contact has this role then or later, or was not in the company yet.", "from");
        RoleGiven given = new(Role, Scope, Strength, from, now);
        return open is null ? [given] : [new RoleEnded(Role, Scope, from, now), given];
    }

    public static ICompanyContactEvent[] End(
        CompanyContact contact,
        Guid id,
        BuyingRole role,
        string scope,
        DateTimeOffset until,
        DateTimeOffset now
    ) =>
        contact.Present(id).Open(role, scope) is { } open
            ? open.From <= until
                ? [new RoleEnded(role, scope, until, now)]
                : throw new RuleViolationException("overlap", $"The role begins at {open.From:O}.", "until")
            : throw new NotFoundException("role", role);

    public static void Map(CrmService room)
    {
        room.MapPost(
                "contacts/{id:guid}/roles",
                "Give a contact a buying role",
                "customers.companies.write",
                async (Guid id, GiveRole command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, CompanyContact.Of(id), c => command.Decide(c, id, request.Now)))
            )
            .Refuses("contact-left", "overlap");
        room.MapDelete(
                "contacts/{id:guid}/roles",
                "End a contact's buying role",
                "customers.companies.write",
                async (
                    Guid id,
                    [Description("The role: decider, approver, champion, influencer, user, gatekeeper or blocker.")] string role,
                    [Code(60), Description("In what: all if left out, or the code of an opportunity.")] string? scope,
                    [Description("From when on; now if left out.")] DateTimeOffset? until,
                    Request request,
                    EventStore store
                ) =>
                {
                    var ended =
                        Enum.TryParse<BuyingRole>(role, ignoreCase: true, out var given) && Enum.IsDefined(given)
                            ? given
                            : throw new BadRequestException("role", "decider, approver, champion, influencer, user, gatekeeper or blocker");
                    return request.Done(
                        await store.Write(
                            request,
                            CompanyContact.Of(id),
                            c => End(c, id, ended, scope ?? "all", (until ?? request.Now).ToUniversalTime(), request.Now)
                        )
                    );
                }
            )
            .WithName("EndRole")
            .Refuses("contact-left", "overlap");
    }
}
