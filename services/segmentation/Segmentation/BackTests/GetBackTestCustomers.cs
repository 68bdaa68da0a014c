using System.ComponentModel;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.BackTests;

/// <summary>A customer of a back-test.</summary>
/// <param name="Class">Class at the cut in the scheme that was asked for; <c>new</c> for who had not bought by then.</param>
/// <param name="LastOrder">Business day of the last net order by the cut.</param>
/// <param name="Orders">Net orders by the cut, or business days with one where the definition counts days.</param>
/// <param name="Revenue">Net revenue by the cut, in the base currency.</param>
/// <param name="AbcNext">ABC class by the revenue of the period; null for who bought nothing in it, and for <c>new</c> ones.</param>
/// <param name="OrdersNext">The same of the period.</param>
/// <param name="RevenueNext">Net revenue in the period.</param>
public sealed record BackTestCustomer(
    Guid CustomerId,
    string Class,
    DateOnly? LastOrder,
    long Orders,
    decimal Revenue,
    [property: OneOf(null, "A", "B", "C")] string? AbcNext,
    long OrdersNext,
    decimal RevenueNext
);

/// <summary>The customers behind the numbers of a back-test, whose sums are these numbers.</summary>
public static class GetBackTestCustomers
{
    const string New = "new";

    public static void Map(CrmService room) =>
        room.MapGet(
                "back-tests/{id:guid}/customers",
                "The customers of a back-test with what they bought before and after, computed again from what it had counted",
                "segmentation.read",
                async (
                    Guid id,
                    NpgsqlDataSource db,
                    Business business,
                    [Description("The classes to speak of: `abc` (default), `segment`, `type`, `recency`, `frequency` or `monetary`.")]
                        string? scheme,
                    [Description("Only customers of this class at the cut: `A`, or `new` for those who had not bought by then.")]
                        string? @class,
                    int? limit,
                    Guid? after,
                    CancellationToken ct
                ) =>
                {
                    var size = PageLimit.Of(limit);
                    if (await BackTestList.Find(db, id, ct) is not { } test)
                        return Answer.NotFound("back-test", id);
                    var (by, m) = (scheme ?? Classes.OfAbc, test.Measured);
                    if (!Classes.Schemes.Contains(by))
                        throw new BadRequestException("scheme", string.Join(", ", Classes.Schemes));
                    var classes = new Classes(test.MeasuredBy, m.Rfm, m.Abc);
                    if (@class is not null && !classes.Names(by).Append(New).Contains(@class))
                        throw new BadRequestException("class", string.Join(", ", classes.Names(by).Append(New)));
                    await using var connection = await db.OpenConnectionAsync(ct);
                    var found = new List<BackTestCustomer>();
                    // Classes are found out from the numbers: of few customers, many are read.
                    for (var (batch, from) = (size + 1, after); found.Count <= size; batch *= 4)
                    {
                        (var page, from) = await test.PeriodIn(business).Read(connection, test.Through, from, batch, ct);
                        found.AddRange(page.Select(Row).Where(c => @class is null || c.Class == @class));
                        if (from is null)
                            break;
                    }
                    return Results.Ok(Page.Of(found, size, c => c.CustomerId.ToString()));

                    BackTestCustomer Row(Bought b) =>
                        new(
                            CustomerId: b.CustomerId,
                            Class: b.Now is { } known ? classes.Of(by, known) : New,
                            LastOrder: b.Now?.LastOrder,
                            Orders: b.Now?.Orders ?? 0,
                            Revenue: MinorUnits.ToAmount(b.Now?.Revenue ?? 0, business.Currency),
                            AbcNext: b is { Now: not null, Next: { } next } ? m.AbcNext.Grade(test.MeasuredBy.Shared(next)) : null,
                            OrdersNext: b.Next?.Orders ?? 0,
                            RevenueNext: MinorUnits.ToAmount(b.Next?.Revenue ?? 0, business.Currency)
                        );
                }
            )
            .WithName("GetBackTestCustomers")
            .Produces<Page<BackTestCustomer>>()
            .AtOnce(2);
}
