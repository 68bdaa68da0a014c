using System.ComponentModel;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// The entries of an account, newest first, page by page: as the platform learned of them, or those of several accounts as they happened.
/// </summary>
public static class GetStatement
{
    const string Columns = "customer_id, version, kind, points, balance, reference, note, occurred_at";

    // Walks the key backwards and ends with the page. Filters stand outside: beside its conditions they would make it look so selective
    // that the whole account were read and sorted.
    const string Newest = $"""
        select {Columns} from statement_entry
        where customer_id = @customerId and version < coalesce(@version::bigint, 9223372036854775807) order by version desc
        """;
    const string Filters = """
        where (@kind::text is null or kind = @kind)
            and (@from::timestamptz is null or occurred_at >= @from)
            and (@to::timestamptz is null or occurred_at < @to)
        """;
    const string Filtered = $"select * from ({Newest} offset 0) e {Filters} limit @take";

    // Reads and sorts all that the members have: few are in a group, and nobody turns many pages of it.
    const string OfGroup = $"""
        select {Columns} from statement_entry {Filters}
            and customer_id = any(@members) and (@at::timestamptz is null or (occurred_at, customer_id, version) < (@at, @id, @version))
        order by occurred_at desc, customer_id desc, version desc limit @take
        """;

    /// <summary>Entries of one account, or of several together, behind the last one of the page before.</summary>
    public static Task<List<StatementEntry>> Page(
        NpgsqlDataSource db,
        Guid[] members,
        StatementCursor? after,
        string? kind,
        DateTimeOffset? from,
        DateTimeOffset? to,
        int take,
        CancellationToken ct
    ) =>
        db.Query<StatementEntry>(
            members.Length > 1 ? OfGroup
                : kind is null && from is null && to is null ? $"{Newest} limit @take"
                : Filtered,
            new
            {
                customerId = members[0],
                members,
                version = after?.Version,
                at = after?.At,
                id = after?.CustomerId,
                kind,
                from = from?.ToUniversalTime(),
                to = to?.ToUniversalTime(),
                take,
            },
            ct
        );

    public static void Map(CrmService room) =>
        room.MapGet(
                "accounts/{customerId:guid}/statement",
                "The entries of an account, newest first; those of one person's accounts together",
                "loyalty.read",
                async (
                    Guid customerId,
                    [Description("Only entries of this kind: earned, redeemed …")] string? kind,
                    DateTimeOffset? from,
                    DateTimeOffset? to,
                    int? limit,
                    string? after,
                    NpgsqlDataSource db,
                    CancellationToken ct
                ) =>
                {
                    var cursor = StatementCursor.Parse(after);
                    var names = Enum.GetNames<EntryKind>();
                    var wanted = kind is null
                        ? null
                        : names.FirstOrDefault(name => name.Equals(kind, StringComparison.OrdinalIgnoreCase))
                            ?? throw new BadRequestException("kind", $"one of {string.Join(", ", names).ToLowerInvariant()}");
                    var size = PageLimit.Of(limit);
                    var members = (await CustomerGroups.Of(db, customerId, ct)).Members.ToArray();
                    var known = await db.QuerySingle<bool>(
                        "select exists (select from ledger_account where customer_id = any(@members))",
                        new { members },
                        ct
                    );
                    if (!known)
                        return (IResult)Answer.NotFound("account", customerId);
                    var found = await Page(db, members, cursor, wanted, from, to, size + 1, ct);
                    return TypedResults.Ok(ServiceDefaults.Page.Of(found, size, last => StatementCursor.Of(last).ToString()));
                }
            )
            .Produces<Page<StatementEntry>>();
}
