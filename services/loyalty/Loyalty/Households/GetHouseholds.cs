using System.ComponentModel;

namespace CrmPlatform.Loyalty.Households;

/// <summary>A household in a list.</summary>
/// <param name="HouseholdId">Id of the household.</param>
/// <param name="HeadId">The member who is its head.</param>
/// <param name="FoundedAt">When it was founded.</param>
/// <param name="DissolvedAt">When nobody was left; null while somebody is.</param>
/// <param name="Members">How many, invited ones not counted.</param>
public sealed record HouseholdListed(Guid HouseholdId, Guid HeadId, DateTimeOffset FoundedAt, DateTimeOffset? DissolvedAt, long Members);

/// <summary>A member of a household, or who is invited.</summary>
/// <param name="State">Whether they belong to it or are only invited.</param>
/// <param name="Since">Since when.</param>
public sealed record HouseholdMemberShown(Guid CustomerId, HouseholdState State, DateTimeOffset Since);

/// <summary>A household with its members.</summary>
/// <param name="HouseholdId">Id of the household.</param>
/// <param name="HeadId">The member who is its head.</param>
/// <param name="FoundedAt">When it was founded.</param>
/// <param name="DissolvedAt">When nobody was left; null while somebody is.</param>
/// <param name="Members">Members and those who were invited, in the order in which they came.</param>
public sealed record HouseholdShown(
    Guid HouseholdId,
    Guid HeadId,
    DateTimeOffset FoundedAt,
    DateTimeOffset? DissolvedAt,
    long Version,
    IReadOnlyList<HouseholdMemberShown> Members
);

/// <summary>
/// Households page by page in the order of their ids, all of them or a member's; and one of them. Who was forgotten is not among the
/// members.
/// </summary>
public static class GetHouseholds
{
    const string Known = "not exists (select from household_forgotten f where f.customer_id = m.customer_id)";
    const string List = $"""
        select household_id, head_id, founded_at, dissolved_at,
            (select count(*) from household_member m where m.household_id = h.household_id
            and m.state = 'Member' and {Known}) as members
        from household h
        where (@after::uuid is null or household_id > @after)
            and (@members::uuid[] is null or exists (
                select from household_member m where m.household_id = h.household_id
                and m.customer_id = any(@members) and m.state = 'Member' and {Known}))
        order by household_id limit @take
        """;
    const string One = $"""
        select household_id, head_id, founded_at, dissolved_at, version from household where household_id = @id;
        select customer_id, state, since from household_member m where household_id = @id and {Known} order by since, customer_id
        """;

    public static void Map(CrmService room)
    {
        room.MapGet(
            "households",
            "Households, by member if wanted",
            "loyalty.read",
            async (
                [Description("Only the households that this customer belongs to.")] Guid? memberId,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                CancellationToken ct
            ) =>
            {
                Guid? cursor =
                    after is null ? null
                    : Guid.TryParse(after, out var id) ? id
                    : throw new BadRequestException("after", "a cursor from a page's next");
                var size = PageLimit.Of(limit);
                var found = await db.Query<HouseholdListed>(
                    List,
                    new
                    {
                        members = memberId is { } member ? (await CustomerGroups.Of(db, member, ct)).Members.ToArray() : null,
                        after = cursor,
                        take = size + 1,
                    },
                    ct
                );
                return Page.Of(found, size, last => last.HouseholdId.ToString());
            }
        );

        room.MapGet(
                "households/{id:guid}",
                "One household",
                "loyalty.read",
                async (Guid id, NpgsqlDataSource db, HttpResponse response, CancellationToken ct) =>
                {
                    await using var connection = await db.OpenConnectionAsync(ct);
                    await using var tables = await connection.QueryMultipleAsync(
                        new CommandDefinition(One, new { id }, cancellationToken: ct)
                    );
                    if (await tables.ReadSingleOrDefaultAsync<Row>() is not { } row)
                        return (IResult)Answer.NotFound("household", id);
                    var members = (await tables.ReadAsync<Member>()).Select(m => new HouseholdMemberShown(
                        m.CustomerId,
                        Enum.Parse<HouseholdState>(m.State),
                        m.Since
                    ));
                    response.Headers.ETag = $"\"{row.Version}\"";
                    return TypedResults.Ok(
                        new HouseholdShown(row.HouseholdId, row.HeadId, row.FoundedAt, row.DissolvedAt, row.Version, [.. members])
                    );
                }
            )
            .WithName("GetHousehold")
            .Produces<HouseholdShown>();
    }

    sealed record Row(Guid HouseholdId, Guid HeadId, DateTimeOffset FoundedAt, DateTimeOffset? DissolvedAt, long Version);

    sealed record Member(Guid CustomerId, string State, DateTimeOffset Since);
}
