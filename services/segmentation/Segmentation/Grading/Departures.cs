using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>
/// Whoever leaves the population has no computed grade any more, in any scheme: those who are merged, from then on graded under the
/// survivor's id, and those who returned everything.
/// </summary>
public sealed class Departures(IServiceProvider services, NpgsqlDataSource db, TimeProvider clock) : ISubscription
{
    const int AtOnce = 100;

    public string Name => "grade-departures";
    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(GroupChanged), typeof(PopulationLeft) };

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        var gone = page.Where(e => e.Data is PopulationLeft or GroupChanged { SurvivorId: not null }).ToLookup(e => e.StreamId);
        var graded = await db.Query<(Guid Customer, string Scheme)>(
            "select customer_id, scheme from standing_grades where customer_id = any(@ids)",
            new { ids = gone.Select(g => g.Key).ToArray() },
            ct
        );
        if (graded.Count == 0)
            return;
        var (schemes, store) = (await GetSchemes.All(db, ct), services.GetRequiredService<EventStore>());
        foreach (var chunk in graded.SelectMany(g => gone[g.Customer].Select(e => Leave(g.Customer, schemes[g.Scheme], e))).Chunk(AtOnce))
            await store.Execute(new Request(clock, ct), chunk);
    }

    static Write Leave(Guid customer, GradeScheme scheme, RecordedEvent e)
    {
        var (reason, at) = e.Data is PopulationLeft left
            ? (left.Reason, left.OccurredAt)
            : (GradeDecision.Merged, ((GroupChanged)e.Data).OccurredAt);
        return CustomerGrade
            .About(
                customer,
                scheme.Code,
                (grade, _) =>
                {
                    var decision = new GradeDecision(grade, customer, scheme.Code, scheme.Lowest);
                    // What came after it knew of it.
                    if (!(grade.Computed?.Through >= e.Sequence) && !(grade.Override?.OccurredAt > e.RecordedAt))
                        decision.Void(reason, at);
                    return decision.Facts;
                }
            )
            .From(e.Metadata with { Causation = e.Id.ToString() });
    }
}
