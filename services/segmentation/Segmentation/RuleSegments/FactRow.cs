using System.Runtime.InteropServices;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>What is stored of the facts of one customer.</summary>
sealed class FactRow(Guid customerId)
{
    public Guid CustomerId { get; } = customerId;

    /// <summary>Under whose id the customer is judged; null for their own.</summary>
    public Guid? SurvivorId { get; set; }

    /// <summary>Number of the last event that is in the facts.</summary>
    public long Through { get; set; }
    public CustomerFacts Facts { get; private init; } = new() { CustomerId = customerId };
    public bool Forgotten { get; set; }
    public bool Changed { get; set; }

    /// <summary>When the customer was due before these facts.</summary>
    DateTimeOffset? DueBefore { get; init; }

    /// <summary>How many facts there were before: what was added since happened at an instant, and ended nothing.</summary>
    int FactsBefore { get; init; }

    /// <summary>Orders were told of.</summary>
    public bool Ordered { get; set; }

    /// <summary>Something else was told than orders and what happened: all segments are asked.</summary>
    public bool AsksAll { get; set; }

    const string Columns = "customer_id, survivor_id, through, facts, due_at";

    /// <summary>The rows of customers and of all who are one with them.</summary>
    public static async Task<Dictionary<Guid, FactRow>> Around(NpgsqlConnection connection, Guid[] customers, CancellationToken ct)
    {
        var rows = new Dictionary<Guid, FactRow>(customers.Length);
        await foreach (
            var row in Read(
                connection,
                $"""
                with near as (
                    select unnest($1::uuid[]) as id
                    union select survivor_id from segment_facts where customer_id = any($1) and survivor_id is not null)
                select {Columns} from segment_facts where customer_id = any(array(select id from near))
                union all
                select {Columns} from segment_facts
                where survivor_id = any(array(select id from near)) and customer_id <> all(array(select id from near))
                """,
                ct,
                customers
            )
        )
            rows[row.CustomerId] = row;
        return rows;
    }

    static async IAsyncEnumerable<FactRow> Read(
        NpgsqlConnection connection,
        string sql,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct,
        params object[] args
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var arg in args)
            command.Parameters.Add(new() { Value = arg });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var facts = new CustomerFacts { CustomerId = reader.GetGuid(0) };
            FactBytes.Read(reader.GetFieldValue<byte[]>(3), facts);
            var row = new FactRow(facts.CustomerId)
            {
                SurvivorId = reader.IsDBNull(1) ? null : reader.GetGuid(1),
                Through = reader.GetInt64(2),
                Facts = facts,
                DueBefore = reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                FactsBefore = facts.Facts.Count,
            };
            yield return row;
        }
    }

    /// <summary>The facts by which a customer is judged: with those of all who are judged under their id.</summary>
    public CustomerFacts With(IEnumerable<FactRow> all)
    {
        CustomerFacts? joined = null;
        foreach (var other in all)
            if (other.SurvivorId == CustomerId && !other.Forgotten)
            {
                if (joined is null)
                {
                    joined = new() { CustomerId = CustomerId, Since = Facts.Since };
                    joined.Join(Facts);
                    joined.Facts.AddRange(Facts.Facts.Where(f => f.Kind >= FactKind.Stage));
                }
                joined.Join(other.Facts);
            }
        return joined ?? Facts;
    }

    /// <summary>When what is recorded of the memberships is first not what holds any more; null: never, as far as is known.</summary>
    /// <param name="onlyWoken">Asks only segments whose rules ask about what was added: never later than the full answer.</param>
    public DateTimeOffset? DueAt(IEnumerable<FactRow> all, IReadOnlyList<LiveSegment> segments, bool onlyWoken = false)
    {
        if (Forgotten)
            return null;
        if (SurvivorId is not null)
            return Facts.Facts.Exists(f => f.Kind == FactKind.Member && Standing.Of(Facts, f.Key).In) ? Instant.Shown(Facts.Since) : null;
        var (facts, due) = (With(all), Instant.Never);
        // Whoever was due for a segment that is not asked now is still due for it; for one that is, perhaps later than before.
        if (onlyWoken && !AsksAll && FactsBefore > 0 && ReferenceEquals(facts, Facts))
        {
            var happened = CollectionsMarshal.AsSpan(Facts.Facts)[FactsBefore..];
            var woken = new List<LiveSegment>();
            foreach (var segment in segments)
                if (segment.Wakes(happened, Ordered))
                    woken.Add(segment);
            (segments, due) = (woken, DueBefore is { } before ? Instant.Of(before) : Instant.Never);
        }
        foreach (var segment in segments)
        foreach (var change in segment.Changes(facts, Standing.Of(facts, segment.Key), due == Instant.Never ? due - 1 : due, 1))
            due = Math.Min(due, change.At);
        return Instant.Shown(due);
    }
}
