using System.ComponentModel;
using NodaTime;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>What the feedback of a week is about, beside that of the eight weeks before.</summary>
/// <param name="Week">The Monday on which it begins, in the time zone of the business.</param>
/// <param name="Version">Of the codebook: texts that were not coded by it yet are left out.</param>
/// <param name="Texts">How many texts there are.</param>
/// <param name="Uncoded">How many of them are about no theme.</param>
/// <param name="Themes">The themes, those with the most texts first. A text may be about several.</param>
public sealed record FeedbackTrends(DateOnly Week, int Version, long Texts, long Uncoded, IReadOnlyList<Trend> Themes);

/// <summary>Counts what feedback is about, by the week.</summary>
static class GetTrends
{
    const int Weeks = 8;

    const string Sql = """
        with said as (
            select feedback_id, said_at >= @week as now from feedback
            where version = @Version and said_at >= @since and said_at < @until)
        select theme, count(*) filter (where now) as week, count(*) filter (where not now) as before
        from said join feedback_themes using (feedback_id) where applies group by 1
        union all select null, count(*) filter (where now), count(*) filter (where not now) from said
        union all select '', count(*) filter (where now), count(*) filter (where not now) from said
        where not exists (select from feedback_themes t where t.feedback_id = said.feedback_id and applies)
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "feedback/trends",
                "What the feedback of a week is about, beside that of the eight weeks before",
                "service-desk.read",
                async (
                    [Description("A day of the week; of the last whole week if left out.")] DateOnly? week,
                    EventStore store,
                    NpgsqlDataSource db,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var zone = DateTimeZoneProviders.Tzdb[business.TimeZone];
                    var today = Instant.FromDateTimeOffset(clock.GetUtcNow()).InZone(zone).Date;
                    var monday = MondayOf(week is { } day ? LocalDate.FromDateOnly(day) : today.PlusWeeks(-1));
                    DateTimeOffset At(LocalDate date) => zone.AtStartOfDay(date).ToDateTimeOffset().ToUniversalTime();
                    var (codebook, _) = await store.Read(Codebook.Stream, ct);
                    var rows = await db.Query<Row>(
                        Sql,
                        new
                        {
                            codebook.Version,
                            since = At(monday.PlusWeeks(-Weeks)),
                            week = At(monday),
                            until = At(monday.PlusWeeks(1)),
                        },
                        ct
                    );
                    var all = rows.Single(r => r.Theme is null);
                    return new FeedbackTrends(
                        monday.ToDateOnly(),
                        codebook.Version,
                        all.Week,
                        rows.Single(r => r.Theme is "").Week,
                        Trend.Of(
                            all.Week,
                            all.Before,
                            [.. rows.Where(r => r.Theme is { Length: > 0 }).Select(r => (r.Theme!, r.Week, r.Before))]
                        )
                    );
                }
            )
            .WithName("GetTrends");

    static LocalDate MondayOf(LocalDate day) => day.With(DateAdjusters.PreviousOrSame(IsoDayOfWeek.Monday));

    sealed record Row(string? Theme, long Week, long Before);
}
