using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Groups;

/// <summary>
/// Follows what calls for a judgement of customers who are one, and judges each group by what all streams hold by then: so it does not
/// matter in which order its members were told of, and doing it twice changes nothing.
/// </summary>
public sealed class JudgeGroups(IServiceProvider services, NpgsqlDataSource db, Yardsticks yardsticks, TimeProvider clock) : ISubscription
{
    const int AtOnce = 100;

    public string Name => "judge-groups";
    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(JudgementDue) };

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        var due = page.GroupBy(e => ((JudgementDue)e.Data).SurvivorId ?? e.StreamId).ToList();
        var others = (
            await db.Query<(Guid Survivor, Guid Member)>(
                "select survivor_id, customer_id from customer_groups where survivor_id = any(@ids) and customer_id <> survivor_id",
                new { ids = due.Select(d => d.Key).ToArray() },
                ct
            )
        ).ToLookup(g => g.Survivor, g => g.Member);
        var store = services.GetRequiredService<EventStore>();
        foreach (var chunk in due.Chunk(AtOnce))
            await store.Execute(new Request(clock, ct), [.. chunk.Select(d => Judge(d.Key, [.. d], [.. others[d.Key]]))]);
    }

    Write Judge(Guid survivor, IReadOnlyList<RecordedEvent> why, Guid[] others)
    {
        var (last, due) = (why[^1], why.Select(e => (JudgementDue)e.Data).ToList());
        // A page may hold purchases and changes of the group: what the group has become is the reason then.
        var cause = due.FindLast(d => d.Cause is LifecycleRules.Merged or LifecycleRules.Separated)?.Cause ?? due[^1].Cause;
        return new JudgeGroup(cause, due.Max(d => d.OccurredAt), last.Sequence)
            .Write(survivor, others, yardsticks.Current)
            .From(last.Metadata with { Causation = last.Id.ToString() });
    }
}
