using System.ComponentModel;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Companies;

/// <summary>A contact of a company.</summary>
/// <param name="Id">Id of the contact.</param>
/// <param name="CompanyId">The company.</param>
/// <param name="PersonId">The individual customer that the contact is; null if it is none.</param>
/// <param name="Personal">Whether the card is shown, if there is one.</param>
/// <param name="Card">Who the contact is; of a customer the name of the profile. Null where it is withheld, and once it is
/// forgotten.</param>
/// <param name="Department">The part of the company.</param>
/// <param name="Since">Since when the contact was in the company first.</param>
/// <param name="LeftAt">Since when the contact is no longer there; null while it is.</param>
/// <param name="Roles">What the contact had, has and will have to say, in the order of time.</param>
public sealed record ContactShown(
    Guid Id,
    Guid CompanyId,
    Guid? PersonId,
    PersonalShown Personal,
    ContactCard? Card,
    string? Department,
    DateTimeOffset Since,
    DateTimeOffset? LeftAt,
    IReadOnlyList<ContactShown.ContactRole> Roles,
    long Version
)
{
    /// <summary>A role for a time.</summary>
    /// <param name="Role"><c>decider</c>, <c>approver</c>, <c>champion</c>, <c>influencer</c>, <c>user</c>, <c>gatekeeper</c> or
    /// <c>blocker</c>.</param>
    /// <param name="Scope">In what: <c>all</c>, or the code of an opportunity.</param>
    /// <param name="Strength">How much, from 1 (little) to 5.</param>
    /// <param name="From">From when on.</param>
    /// <param name="Until">Until before when; null while nothing ends it.</param>
    public sealed record ContactRole(BuyingRole Role, string Scope, int Strength, DateTimeOffset From, DateTimeOffset? Until);
}

/// <summary>The contacts of a company, one or page by page.</summary>
public sealed class GetContacts(NpgsqlDataSource db, EventStore store, PersonalReader reader)
{
    const string Personal = "who the contact is: name, title and contacts";

    sealed record Row(
        Guid ContactId,
        Guid CompanyId,
        Guid? PersonId,
        string? Department,
        long CardVersion,
        DateTimeOffset Since,
        DateTimeOffset? LeftAt,
        bool Forgotten,
        long Version,
        long? NameVersion
    );

    sealed record RoleRow(Guid ContactId, BuyingRole Role, string Scope, int Strength, DateTimeOffset From, DateTimeOffset? Until);

    public static void Map(CrmService room)
    {
        room.MapGet(
                "companies/{id:guid}/contacts",
                "The contacts of a company",
                "customers.read",
                async (
                    Guid id,
                    [Description("Also those who have left the company; they are left out otherwise.")] bool? left,
                    int? limit,
                    string? after,
                    GetContacts contacts,
                    CancellationToken ct
                ) =>
                {
                    var size = PageLimit.Of(limit);
                    var rows = await contacts.Read(
                        """
                        c.company_id = @id and c.contact_id > @after and not c.forgotten and (@left or c.left_at is null)
                            and not exists (select 1 from directory d where d.id = c.company_id and d.forgotten)
                        """,
                        new
                        {
                            id,
                            after = GetCustomers.Cursor(after),
                            left = left == true,
                            take = size + 1,
                        },
                        ct
                    );
                    var page = Page.Of(rows, size, last => last.ContactId.ToString());
                    return new Page<ContactShown>(await contacts.Shown(page.Items, ct), page.Next);
                }
            )
            .ShowsMoreWith(Permissions.PersonalRead, Personal);

        room.MapGet(
                "contacts/{id:guid}",
                "One contact of a company",
                "customers.read",
                async (Guid id, GetContacts contacts, HttpResponse response, CancellationToken ct) =>
                {
                    if (await contacts.Read("c.contact_id = @id", new { id, take = 1 }, ct) is not [var row])
                        return (IResult)Answer.NotFound("contact", id);
                    response.Headers.ETag = $"\"{row.Version}\"";
                    return Results.Ok((await contacts.Shown([row], ct))[0]);
                }
            )
            .WithName("GetContact")
            .Produces<ContactShown>()
            .ShowsMoreWith(Permissions.PersonalRead, Personal);
    }

    Task<List<Row>> Read(string where, object args, CancellationToken ct) =>
        db.Query<Row>(
            $"""
            select c.contact_id, c.company_id, c.person_id, c.department, c.card_version, c.since, c.left_at, c.forgotten, c.version,
                n.version as name_version
            from company_contacts c left join directory_names n on n.customer_id = c.person_id
            where {where} order by c.contact_id limit @take
            """,
            args,
            ct
        );

    async Task<IReadOnlyList<ContactShown>> Shown(IReadOnlyList<Row> rows, CancellationToken ct)
    {
        var roles = (
            await db.Query<RoleRow>(
                """
                select contact_id, role, scope, strength, from_at as "from", until_at as until from company_contact_roles
                where contact_id = any(@ids) order by from_at, role, scope
                """,
                new { ids = rows.Select(r => r.ContactId).ToArray() },
                ct
            )
        ).ToLookup(r => r.ContactId, r => new ContactShown.ContactRole(r.Role, r.Scope, r.Strength, r.From, r.Until));
        var (cards, names) = reader.May ? (await Cards(rows, ct), await Names(rows, ct)) : ([], []);
        await reader.Read([.. cards.Keys, .. names.Keys]);
        return [.. rows.Select(Of)];

        ContactShown Of(Row row) =>
            new(
                Id: row.ContactId,
                CompanyId: row.CompanyId,
                PersonId: row.PersonId,
                Personal: reader.Of(row.Forgotten),
                Card: cards.GetValueOrDefault(row.ContactId) is not { } card ? null
                    : row.PersonId is { } person ? card with { Name = names.GetValueOrDefault(person) }
                    : card,
                Department: row.Department,
                Since: row.Since,
                LeftAt: row.LeftAt,
                Roles: [.. roles[row.ContactId]],
                Version: row.Version
            );
    }

    async Task<Dictionary<Guid, ContactCard>> Cards(IReadOnlyList<Row> rows, CancellationToken ct) =>
        (await store.ReadAt([.. rows.Where(r => !r.Forgotten).Select(r => (r.ContactId, r.CardVersion))], ct))
            .Select(e =>
                (
                    e.StreamId,
                    Card: e.Data switch
                    {
                        ContactAdded a => a.Personal.Value,
                        ContactRevised r => r.Personal.Value,
                        _ => null,
                    }
                )
            )
            .Where(c => c.Card is not null)
            .ToDictionary(c => c.StreamId, c => c.Card!);

    Task<Dictionary<Guid, string>> Names(IReadOnlyList<Row> rows, CancellationToken ct) =>
        SealedNames.Of(
            store,
            rows.Where(r => r is { PersonId: not null, NameVersion: not null, Forgotten: false })
                .Select(r => (r.PersonId!.Value, r.NameVersion!.Value))
                .Distinct(),
            ct
        );
}
