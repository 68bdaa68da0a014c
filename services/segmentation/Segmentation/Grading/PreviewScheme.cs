namespace CrmPlatform.Segmentation.Grading;

/// <summary>Whose grade would change.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Score">The score; null for who has left the population.</param>
public sealed record GradeMover(Guid CustomerId, decimal? Score);

/// <summary>Customers who would go from one grade to another.</summary>
/// <param name="From">The grade that stands; null for none.</param>
/// <param name="To">The grade that would; null for who has left the population.</param>
/// <param name="Customers">How many.</param>
/// <param name="Sample">Up to 20 of them.</param>
public sealed record GradePath(string? From, string? To, int Customers, IReadOnlyList<GradeMover> Sample);

/// <summary>What a run would change.</summary>
/// <param name="Code">Code of the scheme.</param>
/// <param name="Version">The version that the run would use.</param>
/// <param name="AsOf">Business day at whose end: today.</param>
/// <param name="Customers">Customers who would be graded.</param>
/// <param name="Moves">From where to where, most customers first.</param>
/// <param name="Stays">How many would keep the grade that stands, by grade.</param>
/// <param name="Held">How many of these keep it only because people said so: their computed grade would change.</param>
public sealed record GradePreview(
    string Code,
    int Version,
    DateOnly AsOf,
    int Customers,
    IReadOnlyList<GradePath> Moves,
    IReadOnlyDictionary<string, int> Stays,
    int Held
);

/// <summary>What a run of a scheme would change now. Nothing is recorded.</summary>
/// <param name="Draft">The scheme as it might be published; the published one if left out.</param>
public sealed record PreviewScheme(PublishScheme? Draft = null)
{
    const int SampleSize = 20;

    public static void Map(CrmService room) =>
        room.MapPost(
                "grade-schemes/{code}/preview",
                "What a run of a scheme, published or drafted, would change",
                "segmentation.read",
                async (
                    [Code] string code,
                    PreviewScheme command,
                    Graders graders,
                    EventStore store,
                    NpgsqlDataSource db,
                    CancellationToken ct
                ) =>
                {
                    var book = (await store.Read(SchemeBook.Of(code), ct)).State;
                    var scheme = command.Draft?.Draft(book.Latest, code) ?? book.Existing(code);
                    var (asOf, inputs, scorer) = await graders.Try(scheme, ct);
                    var all = Moves.Of(scheme, scorer, inputs, await StandingGrades.Of(db, code, ct)).ToList();
                    var paths = all.Where(m => m.Standing != m.Stands)
                        .GroupBy(m => (m.Standing, m.Stands))
                        .OrderByDescending(p => p.Count())
                        .Select(p => new GradePath(
                            p.Key.Standing,
                            p.Key.Stands,
                            p.Count(),
                            [.. p.Take(SampleSize).Select(m => new GradeMover(m.CustomerId, m.Score))]
                        ));
                    var stays = all.Where(m => m.Stands is not null && m.Standing == m.Stands).ToList();
                    return new GradePreview(
                        Code: code,
                        Version: scheme.Version,
                        AsOf: asOf,
                        Customers: inputs.Customers.Count,
                        Moves: [.. paths],
                        Stays: stays.CountBy(m => m.Stands!).ToDictionary(),
                        Held: stays.Count(m => m.Overridden is not null && m.From != m.To)
                    );
                }
            )
            .AtOnce(2)
            .Produces<GradePreview>()
            .Refuses(PublishScheme.Refusals);
}
