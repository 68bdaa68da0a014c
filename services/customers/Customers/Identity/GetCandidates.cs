using System.ComponentModel;
using System.Globalization;

namespace CrmPlatform.Customers.Identity;

/// <summary>A candidate in the queue.</summary>
public sealed record CandidateListed
{
    /// <summary>Id of the candidate.</summary>
    public Guid Id { get; init; }

    /// <summary>One of the two customers.</summary>
    public Guid First { get; init; }

    /// <summary>The other.</summary>
    public Guid Second { get; init; }

    /// <summary><c>open</c>, <c>confirmed</c>, <c>rejected</c> or <c>withdrawn</c>.</summary>
    public CandidateStatus Status { get; init; }

    /// <summary>Why somebody is asked: <c>review</c>, <c>limited</c>, <c>contradicted</c>,
    /// <c>revisit</c>, or <c>link</c> for what is as good as certain.
    /// </summary>
    public MatchVerdict Reason { get; init; }

    /// <summary>How much speaks for it, in bits: log2 of the odds.</summary>
    public double Weight { get; init; }

    /// <summary>The same as a probability, 0 to 1.</summary>
    public double Probability { get; init; }

    /// <summary>When it was found, last.</summary>
    public DateTimeOffset SuggestedAt { get; init; }
    public long Version { get; init; }
}

/// <summary>The queue of candidates: those with the highest weight first, then the oldest.</summary>
public static class GetCandidates
{
    public static void Map(CrmService room) =>
        room.MapGet(
            "candidates",
            "List customers who may be one",
            "customers.identity.read",
            async (
                [Description("open (default), confirmed, rejected or withdrawn.")] string? status,
                [Description("Only review, limited, contradicted, revisit or link.")] string? reason,
                [Description("Only candidates of which one customer came from this system.")] string? source,
                [Description("Only candidates of this customer.")] Guid? customerId,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                CancellationToken ct
            ) =>
            {
                var size = PageLimit.Of(limit);
                var (weight, at, id) = Cursor(after);
                var rows = await db.Query<CandidateListed>(
                    """
                    select id, first, second, status, reason, weight, probability, suggested_at, version from match_candidates
                    where status = @status and (@reason::text is null or reason = @reason)
                        and (@customerId::uuid is null or @customerId in (first, second))
                        and (@source::text is null or exists (select from directory d where d.id in (first, second) and d.source = @source))
                        and (@at::timestamptz is null or (-weight, suggested_at, match_candidates.id) > (-@weight::float8, @at, @id))
                    order by (-weight), suggested_at, id limit @size + 1
                    """,
                    new
                    {
                        status = Word<CandidateStatus>(status ?? "open", "status").ToString(),
                        reason = reason is null ? null : Word<MatchVerdict>(reason, "reason").ToString(),
                        source,
                        customerId,
                        weight,
                        at,
                        id,
                        size,
                    },
                    ct
                );
                return Page.Of(
                    rows,
                    size,
                    last => string.Create(CultureInfo.InvariantCulture, $"{last.Weight:R}_{last.SuggestedAt.UtcTicks}_{last.Id:N}")
                );
            }
        );

    static T Word<T>(string text, string field)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var word) && text.All(char.IsAsciiLetter)
            ? word
            : throw new BadRequestException(
                field,
                $"one of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).Where(n => n != "none"))}"
            );

    static (double? Weight, DateTimeOffset? At, Guid? Id) Cursor(string? after) =>
        after is null ? (null, null, null)
        : after.Split('_') is [var weight, var ticks, var id]
        && double.TryParse(weight, NumberStyles.Float, CultureInfo.InvariantCulture, out var bits)
        && double.IsFinite(bits)
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTime.MaxValue.Ticks
        && Guid.TryParseExact(id, "N", out var last)
            ? (bits, new(at, TimeSpan.Zero), last)
        : throw new BadRequestException("after", "a cursor from a page's next");
}
