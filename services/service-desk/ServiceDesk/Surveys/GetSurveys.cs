namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>A survey in the list.</summary>
/// <param name="Code">Names it.</param>
/// <param name="Version">The latest that was published.</param>
/// <param name="Kind"><c>transactional</c> or <c>relational</c>.</param>
/// <param name="Metric">What its score is: <c>nps</c>, <c>csat</c> or <c>ces</c>.</param>
/// <param name="Channel">How customers are invited.</param>
/// <param name="AfterTicket">Customers are invited after a ticket of theirs is solved.</param>
/// <param name="PublishedAt">When the latest version was published.</param>
/// <param name="ClosesAt">From then on no answer counts; null if no date was set.</param>
/// <param name="ClosedAt">When it was closed by hand; null if it was not.</param>
public sealed record SurveyRow(
    string Code,
    int Version,
    string Kind,
    string Metric,
    string Channel,
    bool AfterTicket,
    DateTimeOffset PublishedAt,
    DateTimeOffset? ClosesAt,
    DateTimeOffset? ClosedAt
);

/// <summary>All surveys, by their codes.</summary>
public static class GetSurveys
{
    public static void Map(CrmService room) =>
        room.MapGet(
            "surveys",
            "List surveys",
            "service-desk.surveys.read",
            async (int? limit, [Code] string? after, NpgsqlDataSource db, CancellationToken ct) =>
            {
                var size = PageLimit.Of(limit);
                var rows = await db.Query<SurveyRow>(
                    """
                    select code, version, kind, metric, channel, after_ticket, published_at, closes_at, closed_at from surveys
                    where @after::text is null or code > @after order by code limit @size + 1
                    """,
                    new { after, size },
                    ct
                );
                return Page.Of(rows, size, row => row.Code);
            }
        );
}
