namespace CrmPlatform.Segmentation.Rules;

/// <summary>A measure of net orders.</summary>
sealed class OrdersNode(Condition about, PurchasesMade asked, Business business)
    : SpanNode(about, "purchases", asked.AtLeast, asked.AtMost, missingIsNo: false)
{
    readonly Window window = new(asked.Within, business);
    readonly ulong category = FactCode.Of(asked.Category);
    readonly ulong brand = FactCode.Of(asked.Brand);
    readonly ulong product = FactCode.Of(asked.Product);
    readonly ulong channel = FactCode.Of(asked.Channel);
    readonly bool asksLines = asked.AsksLines;
    readonly long minNet = asked.MinNet ?? long.MinValue;

    public override ulong Kinds => 1;

    protected override bool IsSum => asked.Measure is "count" or "net" or "average";

    protected override bool OnlyGrows => asked.Measure is not ("average" or "maxGap");

    protected override decimal? Measure(long count, long amount, int known) =>
        asked.Measure switch
        {
            "count" => count,
            "net" => amount,
            _ => count == 0 ? null : (decimal)amount / count,
        };

    protected override decimal? MeasureAll(List<Span> spans, long at)
    {
        if (IsSum)
            return base.MeasureAll(spans, at);
        var instants = spans.Where(s => s.Count == 1 && s.From <= at && at < s.Until).Select(s => s.From).Order().ToList();
        if (asked.Measure == "distinctDays")
            return instants.Select(i => business.DayOf(Instant.Shown(i)!.Value)).Distinct().Count();
        return instants.Count < 2 ? null : (decimal)instants.Zip(instants.Skip(1), (a, b) => b - a).Max() / Instant.Day;
    }

    protected override void Collect(CustomerFacts facts, List<Span> spans) => CollectAll(facts, spans);

    /// <summary>When which orders count, and what was returned of them.</summary>
    internal void CollectAll(CustomerFacts facts, List<Span> spans)
    {
        for (var i = 0; i < facts.Orders.Count; i++)
        {
            var order = facts.Orders[i];
            if (!window.Admits(order.At) || order.Net < minNet || (channel != FactCode.None && order.Channel != channel))
                continue;
            var (net, lines) = asksLines ? LinesOf(facts, order) : (order.Net, 1);
            if (lines == 0)
                continue;
            var until = Math.Min(order.Until, Math.Min(window.Expiry(order.At), AllBack(facts, order, net)));
            spans.Add(new(order.At, until, 1, net, new(true, i)));
            foreach (var gone in facts.Returns)
                if (gone.Order == order.Key)
                    spans.Add(new(Math.Max(gone.At, order.At), until, 0, -Share(facts, order, gone), new(true, i)));
        }
    }

    /// <summary>When all came back of the lines that count.</summary>
    long AllBack(CustomerFacts facts, Order order, long net)
    {
        if (!asksLines || net <= 0)
            return Instant.Never;
        foreach (var gone in facts.Returns.Where(r => r.Order == order.Key).OrderBy(r => r.At))
            if ((net -= Share(facts, order, gone)) <= 0)
                return gone.At;
        return Instant.Never;
    }

    bool Asks(OrderLine line) =>
        (category == FactCode.None || line.Category == category)
        && (brand == FactCode.None || line.Brand == brand)
        && (product == FactCode.None || line.Product == product)
        && (asked.Discounted is not { } discounted || line.Discounted == discounted);

    (long Net, int Lines) LinesOf(CustomerFacts facts, Order order)
    {
        var (net, lines) = (0L, 0);
        for (var i = order.FirstLine; i < order.FirstLine + order.Lines; i++)
            if (Asks(facts.Lines[i]))
                (net, lines) = (net + facts.Lines[i].Net, lines + 1);
        return (net, lines);
    }

    /// <summary>What a return takes from the lines that count: in proportion to their share of its category.</summary>
    long Share(CustomerFacts facts, Order order, OrderReturn gone)
    {
        if (!asksLines)
            return gone.Net;
        var (asked, all) = (0L, 0L);
        for (var i = order.FirstLine; i < order.FirstLine + order.Lines; i++)
            if (facts.Lines[i] is var line && line.Category == gone.Category)
                (asked, all) = (asked + (Asks(line) ? line.Net : 0), all + line.Net);
        return all == 0 ? 0 : (long)Math.Round((decimal)gone.Net * asked / all);
    }
}
