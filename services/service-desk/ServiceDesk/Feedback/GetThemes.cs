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
    const string Sql = """
        with said as (select feedback_id from feedback where version = @Version and said_at >= @from and said_at < @until),
        total as (
            select count(*) as texts, count(*) filter (where not exists (
                select from feedback_themes t where t.feedback_id = said.feedback_id and applies)) as uncoded
            from said)
        select null as theme, texts as items, uncoded::numeric as share from total
        union all
        (select theme, count(*), round(count(*)::numeric / (select texts from total), 4)
            from said join feedback_themes using (feedback_id) where applies group by 1 order by 2 desc, 1)
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
                    var rows = await db.Query<ThemeCount>(
                        Sql,
                        new
                        {
                            codebook.Version,
                            from,
                            until,
                        },
                        ct
                    );
                    return new FeedbackThemes(codebook.Version, rows[0].Items, (long)rows[0].Share, [.. rows.Skip(1)]);
                }
            )
            .WithName("GetThemes")
            .AtOnce(4);
}
