using System.ComponentModel;
using System.Globalization;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>A member at an activity.</summary>
/// <param name="State">What became of them: they have a place, wait for one, withdrew, were released by a cancellation, or
/// attended.</param>
/// <param name="Since">Since when.</param>
/// <param name="Position">Place in the waiting list, from 1; null if they do not wait.</param>
public sealed record MemberShown(Guid CustomerId, MemberState State, DateTimeOffset Since, long? Position);

/// <summary>The members of an activity in the order in which they came. Who was forgotten is not among them.</summary>
public static class GetMembers
{
    const string Sql = """
        select m.customer_id as CustomerId, m.state, m.since, m.came,
            case when m.state = 'Waiting' then
                (select count(*) from activity_member w where w.activity_id = @id and w.state = 'Waiting' and w.came <= m.came)
                end as Position
        from activity_member m
        where m.activity_id = @id and (@state::text is null or m.state = @state) and (@after::bigint is null or m.came > @after)
            and not exists (select from activity_forgotten f where f.customer_id = m.customer_id)
        order by m.came limit @take
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "activities/{id:guid}/members",
                "Who has a place, who waits, who was there",
                "loyalty.read",
                async (
                    Guid id,
                    [Description("Only members in this state: joined, waiting, withdrew, released or attended.")] string? state,
                    int? limit,
                    string? after,
                    NpgsqlDataSource db,
                    CancellationToken ct
                ) =>
                {
                    long? cursor =
                        after is null ? null
                        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var came) ? came
                        : throw new BadRequestException("after", "a cursor from a page's next");
                    var names = Enum.GetNames<MemberState>();
                    var wanted = state is null
                        ? null
                        : names.FirstOrDefault(name => name.Equals(state, StringComparison.OrdinalIgnoreCase))
                            ?? throw new BadRequestException("state", $"one of {string.Join(", ", names).ToLowerInvariant()}");
                    var size = PageLimit.Of(limit);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    if (
                        !await connection.ExecuteScalarAsync<bool>(
                            new CommandDefinition(
                                "select exists (select from activity where activity_id = @id)",
                                new { id },
                                cancellationToken: ct
                            )
                        )
                    )
                        return (IResult)Answer.NotFound("activity", id);
                    var found = (
                        await connection.QueryAsync<Row>(
                            new CommandDefinition(
                                Sql,
                                new
                                {
                                    id,
                                    state = wanted,
                                    after = cursor,
                                    take = size + 1,
                                },
                                cancellationToken: ct
                            )
                        )
                    ).AsList();
                    return TypedResults.Ok(
                        Page.Of(
                            found,
                            size,
                            r => new MemberShown(r.CustomerId, Enum.Parse<MemberState>(r.State), r.Since, r.Position),
                            r => r.Came.ToString(CultureInfo.InvariantCulture)
                        )
                    );
                }
            )
            .Produces<Page<MemberShown>>();

    sealed record Row(Guid CustomerId, string State, DateTimeOffset Since, long Came, long? Position);
}
