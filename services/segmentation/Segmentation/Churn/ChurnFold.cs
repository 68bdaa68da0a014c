using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>
/// The purchases of each customer beside what was recorded of their churn, in one row, with the instant when that is first not what the
/// purchases mean.
/// </summary>
public sealed class ChurnFold(RiskModels models) : IProjection
{
    public string Name => "churn-facts";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(20);

    public string Ddl =>
        """
            create table if not exists churn_facts (
                customer_id uuid primary key, survivor_id uuid, through bigint not null, due_at timestamptz,
                orders jsonb not null, churn jsonb not null) with (fillfactor = 80);
            create index if not exists churn_facts_survivor on churn_facts (survivor_id) where survivor_id is not null;
            create index if not exists churn_facts_due on churn_facts (due_at) where due_at is not null;
            """;

    public void Register(EventHandlers on) => on.OnFold<IMovesDueDate, IChurnEvent>(Fold);

    async Task Fold(IReadOnlyList<RecordedEvent> page, NpgsqlConnection connection, SqlBatch sql, CancellationToken ct)
    {
        var by = await models.Now(connection, ct);
        var ids = page.Select(CustomerOf).Concat(page.Select(e => (e.Data as GroupChanged)?.SurvivorId).OfType<Guid>());
        var rows = await ChurnRow.Around(connection, [.. ids.Distinct()], ct);
        var touched = new HashSet<Guid>();
        foreach (var e in page)
            Apply(e, rows, touched);
        var groups = rows.Values.Where(r => r.SurvivorId is not null).ToLookup(r => r.SurvivorId!.Value);
        var now = page.Max(e => e.RecordedAt);
        foreach (var id in touched)
            if (rows.TryGetValue(id, out var row))
                row.Write(row.Forgotten ? null : row.DueAt(row.Facts(groups[id]), by, now), sql);
    }

    static void Apply(RecordedEvent e, Dictionary<Guid, ChurnRow> rows, HashSet<Guid> touched)
    {
        if (e.Data is LifecycleStageChanged or ThresholdMoved)
            return;
        var row = Row(CustomerOf(e));
        Touch(row);
        switch (e.Data)
        {
            case PurchaseCounted f when !row.Orders.Exists(o => o.Id == f.PurchaseId):
                row.Orders.Add(new(f.PurchaseId, f.PurchasedAt));
                break;
            case ReturnCounted { WhollyReturned: true } f:
                row.Orders.RemoveAll(o => o.Id == f.PurchaseId);
                break;
            case PurchaseUncounted f:
                row.Orders.RemoveAll(o => o.Id == f.PurchaseId);
                break;
            case GroupChanged f:
                row.SurvivorId = f.SurvivorId;
                if (f.SurvivorId is { } survivor)
                    Touch(Row(survivor));
                break;
            case PersonalDataErased or ChurnErased:
                row.Forgotten = true;
                break;
            case IChurnEvent f:
                row.Churn = row.Churn.Evolve(f);
                break;
        }

        ChurnRow Row(Guid id) => rows.TryGetValue(id, out var known) ? known : rows[id] = new(id);

        // Whoever is judged by these purchases is due at another instant, too.
        void Touch(ChurnRow changed)
        {
            changed.Through = e.Sequence;
            touched.Add(changed.CustomerId);
            if (changed.SurvivorId is { } survivor)
                touched.Add(survivor);
        }
    }

    static Guid CustomerOf(RecordedEvent e) => e.Data is IChurnEvent churn ? churn.CustomerId : e.StreamId;
}
