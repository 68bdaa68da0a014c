using System.ComponentModel;

namespace CrmPlatform.Customers.Merging;

/// <summary>A merge of two customers.</summary>
public sealed record MergeListed
{
    /// <summary>Id of the merge.</summary>
    public Guid Id { get; init; }

    /// <summary>The customer whose group took in the other's.</summary>
    public Guid SurvivorId { get; init; }

    /// <summary>The other one.</summary>
    public Guid MergedId { get; init; }

    /// <summary>Why, as a code; <c>match</c> by machine.</summary>
    public string Reason { get; init; } = "";

    /// <summary><c>person</c> or <c>machine</c>.</summary>
    public MergedBy By { get; init; }

    /// <summary>When they were merged.</summary>
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>When they were taken apart; null while they are one.</summary>
    public DateTimeOffset? UndoneAt { get; init; }

    /// <summary>Why they were taken apart, as a code.</summary>
    public string? UndoneBecause { get; init; }
    public long Version { get; init; }
}

/// <summary>The merges, the newest first.</summary>
public static class GetMerges
{
    public const string Columns =
        "id, survivor as SurvivorId, merged as MergedId, reason, made_by as By, made_at, undone_at, undone_because, version";

    public static void Map(CrmService room)
    {
        room.MapGet(
            "merges",
            "List merges of customers",
            "customers.identity.read",
            async (
                [Description("Only merges that name this customer.")] Guid? customerId,
                [Description("Only person or machine.")] string? by,
                [Description("true: only those that were undone; false: only those that hold.")] bool? undone,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                CancellationToken ct
            ) =>
            {
                var size = PageLimit.Of(limit);
                var (at, id) = TimeCursor.Parse(after);
                var rows = await db.Query<MergeListed>(
                    $"""
                    select {Columns} from merges
                    where (@customerId::uuid is null or @customerId in (survivor, merged)) and (@by::text is null or made_by = @by)
                        and (@undone::bool is null or (undone_at is not null) = @undone)
                        and (@at::timestamptz is null or (made_at, id) < (@at, @id))
                    order by made_at desc, id desc limit @size + 1
                    """,
                    new
                    {
                        customerId,
                        by = by switch
                        {
                            null => null,
                            "person" or "machine" => Enum.Parse<MergedBy>(by, ignoreCase: true).ToString(),
                            _ => throw new BadRequestException("by", "person or machine"),
                        },
                        undone,
                        at,
                        id,
                        size,
                    },
                    ct
                );
                return Page.Of(rows, size, last => TimeCursor.Of(last.MadeAt, last.Id));
            }
        );
    }
}
