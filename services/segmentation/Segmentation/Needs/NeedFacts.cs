using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>
/// The orders of each customer by which needs are inferred, in one row. Orders whose lines are not known (facts of earlier versions,
/// sources without lines) say nothing of discounts and are not among them.
/// </summary>
public sealed class NeedFacts : IProjection
{
    public const string Follower = "need-facts";

    public string Name => Follower;
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public string Ddl =>
        """
            create table if not exists need_facts (
                customer_id uuid primary key, orders bytea not null, gone bytea not null) with (fillfactor = 80);
            alter table need_facts alter column orders set storage external;
            """;

    public void Register(EventHandlers on) => on.OnPage<IMovesDueDate>(Append);

    static void Append(IReadOnlyList<RecordedEvent> page, SqlBatch sql)
    {
        var added = new Dictionary<Guid, (List<byte> Orders, List<byte> Left)>();
        var erased = new List<Guid>();
        foreach (var e in page)
            switch (e.Data)
            {
                case PurchaseCounted { Lines: { Count: > 0 } lines } f:
                    NeedOrders.Add(Of(e).Orders, f.PurchaseId, f.PurchasedAt, e.Sequence, lines.Any(l => l.Discounted));
                    break;
                case ReturnCounted { WhollyReturned: true } f:
                    NeedOrders.Leave(Of(e).Left, f.PurchaseId, f.ReturnedAt, e.Sequence);
                    break;
                case PurchaseUncounted f:
                    NeedOrders.Leave(Of(e).Left, f.PurchaseId, null, e.Sequence);
                    break;
                case PersonalDataErased:
                    erased.Add(e.StreamId);
                    break;
            }
        if (added.Count > 0)
            sql.Add(
                """
                insert into need_facts as f (customer_id, orders, gone) select * from unnest($1::uuid[], $2::bytea[], $3::bytea[])
                on conflict (customer_id) do update set orders = f.orders || excluded.orders, gone = f.gone || excluded.gone
                """,
                added.Keys.ToArray(),
                added.Values.Select(a => a.Orders.ToArray()).ToArray(),
                added.Values.Select(a => a.Left.ToArray()).ToArray()
            );
        if (erased.Count > 0)
            sql.Add("delete from need_facts where customer_id = any($1)", erased.ToArray());

        (List<byte> Orders, List<byte> Left) Of(RecordedEvent e) =>
            added.TryGetValue(e.StreamId, out var known) ? known : added[e.StreamId] = ([], []);
    }
}
