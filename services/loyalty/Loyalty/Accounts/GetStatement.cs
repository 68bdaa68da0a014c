using System.ComponentModel;
using System.Globalization;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>The entries of an account, newest first, page by page.</summary>
public static class GetStatement
{
    // Walks the key backwards and ends with the page. Filters stand outside: beside its conditions they would make it look so selective
    // that the whole account were read and sorted.
    const string Newest = """
        select version, kind, points, balance, reference, note, occurred_at from statement_entry
        where customer_id = @customerId and version < coalesce(@before::bigint, 9223372036854775807) order by version desc
        """;
    const string Filtered = $"""
        select * from ({Newest} offset 0) e
        where (@kind::text is null or kind = @kind)
            and (@from::timestamptz is null or occurred_at >= @from)
            and (@to::timestamptz is null or occurred_at < @to)
        """;

    /// <summary>Entries before a version, newest first.</summary>
    public static async Task<List<StatementEntry>> Page(
        NpgsqlConnection connection,
        Guid customerId,
        long? before,
        string? kind,
        DateTimeOffset? from,
        DateTimeOffset? to,
        int take,
        CancellationToken ct
    ) =>
        (
            await connection.QueryAsync<StatementEntry>(
                new CommandDefinition(
                    $"{(kind is null && from is null && to is null ? Newest : Filtered)} limit @take",
                    new
                    {
                        customerId,
                        before,
                        kind,
                        from = from?.ToUniversalTime(),
                        to = to?.ToUniversalTime(),
                        take,
                    },
                    cancellationToken: ct
                )
            )
        ).AsList();

    public static void Map(CrmService room) =>
        room.MapGet(
                "accounts/{customerId:guid}/statement",
                "The entries of an account, newest first",
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
                    long? before =
                        after is null ? null
                        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
                        : throw new BadRequestException("after", "a cursor from a page's next");
                    var names = Enum.GetNames<EntryKind>();
                    var wanted = kind is null
                        ? null
                        : names.FirstOrDefault(name => name.Equals(kind, StringComparison.OrdinalIgnoreCase))
                            ?? throw new BadRequestException("kind", $"one of {string.Join(", ", names).ToLowerInvariant()}");
                    var size = PageLimit.Of(limit);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    if (
                        !await connection.ExecuteScalarAsync<bool>(
                            new CommandDefinition(
                                "select exists (select from ledger_account where customer_id = @customerId)",
                                new { customerId },
                                cancellationToken: ct
                            )
                        )
                    )
                        return (IResult)Answer.NotFound("account", customerId);
                    var found = await Page(connection, customerId, before, wanted, from, to, size + 1, ct);
                    return TypedResults.Ok(
                        ServiceDefaults.Page.Of(found, size, last => last.Version.ToString(CultureInfo.InvariantCulture))
                    );
                }
            )
            .Produces<Page<StatementEntry>>();
}
