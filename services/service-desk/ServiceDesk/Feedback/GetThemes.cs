using System.ComponentModel;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>What the feedback of a period is about.</summary>
/// <param name="Version">Of the codebook: texts that were not coded by it yet are left out.</param>
/// <param name="Texts">How many texts there are.</param>
/// <param name="Uncoded">How many of them are about no theme.</param>
/// <param name="Themes">The themes, those with the most texts first. A text may be about several.</param>
public sealed record FeedbackThemes(int Version, long Texts, long Uncoded, IReadOnlyList<ThemeCount> Themes);

/// <summary>How many texts are about a theme.</summary>
/// <param name="Theme">Code of the theme.</param>
/// <param name="Items">How many texts are about it.</param>
/// <param name="Share">Their share of all texts of the period, with four decimals.</param>
public sealed record ThemeCount(string Theme, long Items, decimal Share);

/// <summary>Counts what the feedback of a period is about.</summary>
static class GetThemes
{
    // All texts are the row without a theme, those that are about none the row with an empty one.
    const string Sql = """
        with said as (select feedback_id from feedback where version = @Version and said_at >= @from and said_at < @until)
        select theme, count(*) as items, round(count(*)::numeric / (select count(*) from said), 4) as share
        from said join feedback_themes using (feedback_id) where applies group by 1
        union all select null, count(*), null from said
        union all select '', count(*), null from said
        where not exists (select from feedback_themes t where t.feedback_id = said.feedback_id and applies)
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "feedback/themes",
                "What the feedback of a period is about",
                "service-desk.read",
                async (
                    [Description("Said from here on.")] DateTimeOffset from,
                    [Description("Said before here.")] DateTimeOffset until,
                    EventStore store,
                    NpgsqlDataSource db,
                    CancellationToken ct
                ) =>
                {
                    if (until <= from)
                        throw new BadRequestException("until", "later than from");
                    var (codebook, _) = await store.Read(Codebook.Stream, ct);
                    var rows = await db.Query<(string? Theme, long Items, decimal? Share)>(
                        Sql,
                        new
                        {
                            codebook.Version,
                            from,
                            until,
                        },
                        ct
                    );
                    return new FeedbackThemes(
                        codebook.Version,
                        rows.Single(r => r.Theme is null).Items,
                        rows.Single(r => r.Theme is "").Items,
                        [
                            .. rows.Where(r => r.Theme is not (null or ""))
                                .OrderByDescending(r => r.Items)
                                .ThenBy(r => r.Theme, StringComparer.Ordinal)
                                .Select(r => new ThemeCount(r.Theme!, r.Items, r.Share!.Value)),
                        ]
                    );
                }
            )
            .WithName("GetThemes")
            .AtOnce(4);
}
