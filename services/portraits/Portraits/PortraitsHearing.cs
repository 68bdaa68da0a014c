using CrmPlatform.Portraits.Portraits;
using CrmPlatform.Portraits.Timelines;

namespace CrmPlatform.Portraits;

/// <summary>
/// Writes what all rooms tell: an entry of the timeline for each public fact about a customer, and the portrait folded with it, in one
/// statement. What is recorded of somebody after they were forgotten is dropped. Whether a fact was heard before, or a portrait was moved
/// by somebody else, is asked by the statement itself: then nothing of it is written, what is there is read, and it is tried again with
/// what is new.
/// </summary>
public sealed class PortraitsHearing(NpgsqlDataSource db, PortraitTable portraits) : IPacketHandler
{
    public const string Tables = Timeline.Table + PortraitTable.Table + GetHeard.Table;

    const int Attempts = 3;

    const string Write = $"""
        with noted as ({Timeline.Note}), moved as ({PortraitTable.Move}), begun as ({PortraitTable.Begin}), counted as ({GetHeard.Count})
        select 1 / ((select count(*) from noted) = $7 and (select count(*) from moved) + (select count(*) from begun) = $13)::int
        """;

    public async Task Handle(IReadOnlyList<Fact> facts, Action<SqlBatch>? alongside, CancellationToken ct)
    {
        IReadOnlyList<Entry> entries = [.. facts.SelectMany(Entry.Of).DistinctBy(e => (e.EventId, e.CustomerId)).OrderBy(e => e.EventId)];
        for (var attempt = 1; entries.Count > 0; attempt++)
        {
            var folded = await portraits.With(entries, ct);
            entries = [.. folded.SelectMany(f => f.Entries).OrderBy(e => e.EventId)];
            try
            {
                await Commit(entries, folded, alongside, ct);
                portraits.Remember(folded);
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DivisionByZero && attempt < Attempts)
            {
                portraits.Forget(folded);
                entries = await Timeline.Unheard(db, entries, ct);
            }
        }
    }

    async Task Commit(IReadOnlyList<Entry> entries, IReadOnlyList<Folded> folded, Action<SqlBatch>? alongside, CancellationToken ct)
    {
        await using var batch = db.CreateBatch();
        var sql = new SqlBatch(batch);
        alongside?.Invoke(sql);
        sql.Add(
            Write,
            [
                .. Timeline.Values(entries),
                (long)entries.Count,
                .. PortraitTable.Values(folded),
                (long)folded.Count,
                .. GetHeard.Values(entries),
            ]
        );
        await batch.ExecuteNonQueryAsync(ct);
    }
}
