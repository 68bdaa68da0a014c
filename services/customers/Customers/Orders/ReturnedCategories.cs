namespace CrmPlatform.Customers.Orders;

/// <summary>
/// What a return takes from each category of its purchase: by its lines, and what no return names in proportion, of what no return names.
/// </summary>
static class ReturnedCategories
{
    /// <summary>Fine enough for any share, and coarse enough for sums of many to stay exact.</summary>
    const int Decimals = 8;

    /// <param name="net">What is given back, in the purchase's currency.</param>
    public static IReadOnlyList<ReturnedCategory> Of(Order order, decimal net, IReadOnlyList<ReturnedLine>? lines)
    {
        var purchase = order.Purchase!;
        List<ReturnedLine> earlier = [.. order.Returns.Values.SelectMany(r => r.Lines ?? [])];
        var (before, after) = (Back(purchase, order.Returned, earlier), Back(purchase, order.Returned + net, [.. earlier, .. lines ?? []]));
        return
        [
            .. purchase
                .Lines.Select((line, i) => (line.Category, Net: after[i] - before[i]))
                .GroupBy(l => l.Category)
                .Select(c => new ReturnedCategory(c.Key, c.Sum(l => l.Net)))
                .Where(c => c.BaseNet != 0),
        ];
    }

    /// <summary>What has come back of each line so far, in the base currency. It never shrinks with more, and ends as the line.</summary>
    static decimal[] Back(PurchaseMade purchase, decimal returned, List<ReturnedLine> lines)
    {
        if (returned >= purchase.Net)
            return [.. purchase.Lines.Select(l => l.Net * purchase.Rate)];
        var named = lines.Sum(l => l.Net);
        var (unnamed, left) = (returned - named, purchase.Net - named);
        var rest =
            unnamed == 0 ? 0
            : left <= 0 ? 1
            : Math.Min(1, unnamed / left);
        var products = lines.GroupBy(l => l.ProductId).ToDictionary(p => p.Key, p => p.Sum(l => l.Net));
        return [.. purchase.Lines.Select(Line)];

        // Of several lines of one product the first ones come back first.
        decimal Line(OrderLine line)
        {
            var product = Keys.Normal(line.ProductId);
            var mine = Math.Clamp(products.GetValueOrDefault(product), 0, Math.Max(0, line.Net));
            products[product] = products.GetValueOrDefault(product) - mine;
            return decimal.Round((mine + (line.Net - mine) * rest) * purchase.Rate, Decimals, MidpointRounding.ToZero);
        }
    }
}
