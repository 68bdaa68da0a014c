using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>What is known of one need of a customer.</summary>
/// <param name="Code"><c>price</c>, <c>quality</c>, <c>service</c>, <c>novelty</c>, <c>brand</c> or <c>convenience</c>.</param>
/// <param name="State"><c>declared</c> (somebody said so), <c>contested</c> (somebody said no), <c>refused</c> (the customer refuses to be
/// profiled), <c>inferred</c>, <c>none</c>, <c>unknown</c> (fewer than five orders, or no run yet) or <c>off</c> (nearly all orders of the
/// shop show it: it says nothing of a customer).</param>
/// <param name="Band">Of an inferred need: <c>low</c> or <c>high</c>; null of others.</param>
/// <param name="Since">Since when; null while nothing was said or inferred.</param>
/// <param name="By">Who declared it: <c>customer</c> or <c>agent</c>.</param>
/// <param name="Said">Where it was declared, or why it was contested, as a code.</param>
/// <param name="Measured">What the latest run counted; null of needs that were declared, contested or refused, of those that are not
/// inferred from orders, and before the first run.</param>
public sealed record NeedView(
    string Code,
    [property: OneOf("declared", "contested", "refused", "inferred", "none", "unknown", "off")] string State,
    NeedBand? Band,
    DateTimeOffset? Since,
    string? By,
    string? Said,
    NeedMeasured? Measured
);

/// <summary>What a run counted of a customer.</summary>
/// <param name="Counted">k: orders of the window that show the need.</param>
/// <param name="Orders">n: orders of the window whose lines are known, without those that wholly came back.</param>
/// <param name="Strength">(k + 10 m) / (n + 10), rounded to four decimals; null with fewer than five orders.</param>
/// <param name="Mean">m: the share of all orders of the shop that show it, rounded to six decimals.</param>
/// <param name="Deviation">σ: standard deviation of the strengths of all customers with at least five orders.</param>
/// <param name="Distance">(strength − m) / σ, rounded to four decimals.</param>
/// <param name="Evidence">Ids of orders that show it, the latest first, twenty at most.</param>
public sealed record NeedMeasured(
    int Counted,
    int Orders,
    double? Strength,
    double Mean,
    double Deviation,
    double? Distance,
    IReadOnlyList<Guid> Evidence
);

/// <summary>What a customer cares about.</summary>
/// <param name="CustomerId">Id of the customer who was asked for.</param>
/// <param name="Group">The group of which all of this is said, since the customer is a member; null for one who is alone.</param>
/// <param name="RunId">The run by which everybody is judged; null before the first.</param>
/// <param name="AsOf">The business day at whose end its 365 days end.</param>
/// <param name="Primary">The code of the one need that was declared; where none was, of the inferred one that is furthest above the mean;
/// null where there is none, or several that are as good.</param>
/// <param name="Needs">Those that are inferred from orders, and those of which something was said, by code.</param>
public sealed record CustomerNeedsView(
    Guid CustomerId,
    GroupNow? Group,
    Guid? RunId,
    DateOnly? AsOf,
    string? Primary,
    IReadOnlyList<NeedView> Needs
);

/// <summary>One customer's needs, from the streams: what was said a moment ago is there.</summary>
public static class GetCustomerNeeds
{
    public static void Map(CrmService room) =>
        room.MapGet("customers/{id:guid}/needs", "What a customer cares about, and how that is known", "segmentation.read", Needs)
            .Produces<CustomerNeedsView>();

    static async Task<IResult> Needs(Guid id, NpgsqlDataSource db, EventStore store, Business business, CancellationToken ct)
    {
        var group = await CustomerGroups.Of(db, id, ct);
        var survivor = group.SurvivorId;
        var customers = new List<(Guid Id, CustomerValue State)>();
        foreach (var member in group.OthersThan(survivor).Prepend(survivor))
            customers.Add((member, (await store.Read(CustomerValue.Of(member), ct)).State));
        var named = customers.Find(c => c.Id == id).State;
        var needs = (await store.Read(CustomerNeeds.Of(survivor), ct)).State;
        if (named.Stage is null || named.Forgotten || NeedDecision.About(survivor, needs, customers) is not { } decision)
            return Answer.NotFound("customer", id);
        var run = await NeedsRunList.Latest(db, ct);
        var history = run is null ? null : await History(run, survivor, db, business, ct);
        return Results.Ok(
            new CustomerNeedsView(
                id,
                group.IsAlone ? null : new(survivor, group.Members),
                run?.Id,
                run?.Fact.AsOf,
                NeedShown.Primary(
                    decision.Standing(),
                    code => run?.Fact.Scales.FirstOrDefault(s => s.Code == code)?.Distance(history!.Count(run.Window(business)))
                ),
                NeedShown.All(decision, run, history, business)
            )
        );
    }

    /// <summary>What the run had counted of the customer.</summary>
    static async Task<NeedHistory> History(NeedsRunRow run, Guid survivor, NpgsqlDataSource db, Business business, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var scan = await NeedScan.Begin(connection, run.Window(business), ct, survivor);
        return (await scan.Some([survivor], ct))[survivor];
    }
}
