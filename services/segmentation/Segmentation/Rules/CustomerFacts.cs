using System.Runtime.InteropServices;

namespace CrmPlatform.Segmentation.Rules;

/// <summary>
/// All that rules know of one customer, or of a group of customers who are one. What is added may come in any order: the result is the
/// same, and an evaluation as of an instant sees what had happened by then.
/// </summary>
public sealed class CustomerFacts
{
    public Guid CustomerId { get; set; }
    public List<RuleFact> Facts { get; } = [];

    /// <summary>In the order of their instants.</summary>
    public List<Order> Orders { get; } = [];
    public List<OrderLine> Lines { get; } = [];
    public List<OrderReturn> Returns { get; } = [];

    /// <summary>Nothing before this instant is judged by these facts: the customer was alone, or one with others, until then.</summary>
    public long Since { get; set; } = long.MinValue;

    public void Clear()
    {
        Facts.Clear();
        Orders.Clear();
        Lines.Clear();
        Returns.Clear();
        Since = long.MinValue;
    }

    public void AddOrder(Order order, ReadOnlySpan<OrderLine> lines)
    {
        if (IndexOf(order.Key) >= 0)
            return;
        Place(order with { FirstLine = Lines.Count, Lines = lines.Length });
        Lines.AddRange(lines);
    }

    /// <summary>The order counts no more from an instant on.</summary>
    public void EndOrder(ulong key, long at)
    {
        if (IndexOf(key) is var i and >= 0 && at < Orders[i].Until)
            Orders[i] = Orders[i] with { Until = at };
    }

    /// <summary>Something happened, once.</summary>
    public void Add(RuleFact fact) => Facts.Add(fact);

    /// <summary>
    /// Something holds from its instant on, until what holds next about the same; where that was told before, until then.
    /// </summary>
    public void Hold(RuleFact fact)
    {
        for (var i = 0; i < Facts.Count; i++)
        {
            var other = Facts[i];
            if (other.Kind != fact.Kind || other.Key != fact.Key)
                continue;
            if (other.From <= fact.From && fact.From < other.Until)
                Facts[i] = other with { Until = fact.From };
            else if (other.From > fact.From && other.From < fact.Until)
                fact.Until = other.From;
        }
        Facts.Add(fact);
    }

    /// <summary>What holds about something ends at an instant.</summary>
    public void End(FactKind kind, ulong key, long at)
    {
        for (var i = 0; i < Facts.Count; i++)
            if (Facts[i].Kind == kind && Facts[i].Key == key && Facts[i].From <= at && at < Facts[i].Until)
                Facts[i] = Facts[i] with { Until = at };
    }

    /// <summary>Of what happened at exactly an instant, one counts no more from another instant on.</summary>
    public void EndOne(FactKind kind, ulong key, long happened, long at)
    {
        if (Facts.FindIndex(f => (f.Kind, f.Key, f.From, f.Until) == (kind, key, happened, Instant.Never)) is var i and >= 0)
            Facts[i] = Facts[i] with { Until = Math.Max(happened, at) };
    }

    /// <summary>What holds about something holds no longer than until an instant, whenever it began.</summary>
    public void Close(FactKind kind, ulong key, long at)
    {
        for (var i = 0; i < Facts.Count; i++)
            if (Facts[i].Kind == kind && Facts[i].Key == key && at < Facts[i].Until)
                Facts[i] = Facts[i] with { Until = Math.Max(Facts[i].From, at) };
    }

    /// <summary>What another member of the group has done counts as done by this one; what this room says of them does not.</summary>
    public void Join(CustomerFacts other)
    {
        foreach (var order in other.Orders)
            AddOrder(order, other.LinesOf(order));
        Returns.AddRange(other.Returns);
        Facts.AddRange(other.Facts.Where(f => f.Kind < FactKind.Stage));
    }

    /// <summary>Whether something happened, began or ended at exactly this instant.</summary>
    public bool Marks(long at) =>
        Facts.Exists(f => f.From == at || f.Until == at)
        || Orders.Exists(o => o.At == at || o.Until == at)
        || Returns.Exists(r => r.At == at);

    /// <summary>The latest instant at which something happened, began or ended; <see cref="long.MinValue"/> where nothing has.</summary>
    public long Latest()
    {
        var latest = Since;
        foreach (var fact in Facts)
            latest = Math.Max(latest, fact.Until == Instant.Never ? fact.From : fact.Until);
        foreach (var order in Orders)
            latest = Math.Max(latest, order.Until == Instant.Never ? order.At : order.Until);
        foreach (var gone in Returns)
            latest = Math.Max(latest, gone.At);
        return latest;
    }

    /// <summary>Only the facts and orders with these numbers, for the laws of explanations.</summary>
    public CustomerFacts Only(IReadOnlySet<FactRef> cited)
    {
        var some = new CustomerFacts { CustomerId = CustomerId, Since = Since };
        for (var i = 0; i < Orders.Count; i++)
            if (cited.Contains(new(true, i)))
                some.AddOrder(Orders[i], LinesOf(Orders[i]));
        some.Returns.AddRange(Returns.Where(r => some.IndexOf(r.Order) >= 0));
        for (var i = 0; i < Facts.Count; i++)
            if (cited.Contains(new(false, i)))
                some.Facts.Add(Facts[i]);
        return some;
    }

    ReadOnlySpan<OrderLine> LinesOf(Order order) => CollectionsMarshal.AsSpan(Lines).Slice(order.FirstLine, order.Lines);

    public int IndexOf(ulong order)
    {
        for (var i = Orders.Count - 1; i >= 0; i--)
            if (Orders[i].Key == order)
                return i;
        return -1;
    }

    // Nearly always the end: orders come in their order.
    void Place(Order order)
    {
        var i = Orders.Count;
        while (i > 0 && Orders[i - 1].At > order.At)
            i--;
        Orders.Insert(i, order);
    }
}

/// <summary>One fact or order of a customer, by its number in the list.</summary>
public readonly record struct FactRef(bool Order, int Index);
