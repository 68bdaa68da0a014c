using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>
/// What happens to needs between runs: who refuses to be profiled has none that are inferred any more, and neither has who is merged; what
/// members of a group said holds for all of them while they are one.
/// </summary>
public sealed class FollowNeeds(IServiceProvider services, NpgsqlDataSource db, TimeProvider clock) : ISubscription
{
    public const string Follower = "follow-needs";

    const int AtOnce = 100;

    public string Name => Follower;

    public IReadOnlySet<Type> Handles { get; } =
        new HashSet<Type>
        {
            typeof(ConsentNoted),
            typeof(GroupChanged),
            typeof(JudgementDue),
            typeof(NeedDeclared),
            typeof(NeedContested),
            typeof(NeedReopened),
        };

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        var due = page.Select(e => (Event: e, About: About(e))).Where(d => d.About is not null).ToLookup(d => d.About!.Value, d => d.Event);
        if (due.Count == 0)
            return;
        var groups = await CustomerGroups.Of(db, [.. due.Select(d => d.Key)], ct);
        // Whoever is judged under another id, and who they are judged by.
        var writes = due.SelectMany(d =>
            new[] { d.Key, groups[d.Key].SurvivorId }.Distinct().Select(id => Settle(id, groups[d.Key].OthersThan(id), d.Last()))
        );
        var store = services.GetRequiredService<EventStore>();
        foreach (var chunk in writes.Chunk(AtOnce))
            await store.Execute(new Request(clock, ct), chunk);
    }

    static Guid? About(RecordedEvent e) =>
        e.Data switch
        {
            ConsentNoted f => NeedMarks.IsProfiling(f.Purpose) ? e.StreamId : null,
            JudgementDue f => f.Cause is LifecycleRules.Merged or LifecycleRules.Separated ? f.SurvivorId ?? e.StreamId : null,
            _ => e.StreamId,
        };

    static Write Settle(Guid customer, IReadOnlyList<Guid> others, RecordedEvent e) =>
        CustomerNeeds
            .About(customer, others, decision => decision.Settle(e.RecordedAt))
            .From(e.Metadata with { Causation = e.Id.ToString() });
}
