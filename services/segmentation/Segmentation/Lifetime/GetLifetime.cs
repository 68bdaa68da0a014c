using System.ComponentModel;
using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>What is expected of a customer in the weeks after the as-of day.</summary>
/// <param name="Weeks">So many weeks.</param>
/// <param name="Purchases">Expected days with a purchase.</param>
/// <param name="Any">Probability of at least one.</param>
public sealed record Prospect(int Weeks, double Purchases, double Any);

/// <summary>When P(alive) falls to a level if nothing more is bought.</summary>
/// <param name="Alive">The level.</param>
/// <param name="At">The instant: that of the last purchase day's end, where it is lower from then on; null where it never falls so low, or
/// not within 100 years.</param>
public sealed record Fall(double Alive, DateTimeOffset? At);

/// <summary>How long a customer still buys, and what that is worth.</summary>
/// <param name="CustomerId">Id of the customer who was asked for.</param>
/// <param name="Group">The group of which all of this is said, since the customer is a member; null for one who is alone.</param>
/// <param name="ModelId">The model that says so.</param>
/// <param name="AsOf">Business day at whose end.</param>
/// <param name="RepeatDays">x: business days with a net order, less the first.</param>
/// <param name="Recency">t_x: weeks from the first to the last of these days.</param>
/// <param name="Age">T: weeks from the first of these days to the as-of day.</param>
/// <param name="MeanValue">Mean net of a repeat day in the base currency; null where there is none.</param>
/// <param name="Alive">P(alive): the probability that the customer has not dropped out unseen, by the as-of day.</param>
/// <param name="Expected">In the next 4, 13, 26 and 52 weeks.</param>
/// <param name="Value">Expected net of a purchase day, in the base currency.</param>
/// <param name="Clv">Customer lifetime value: the margin on what is expected in the next 12 months, discounted by 1 % a month, in the base
/// currency.</param>
/// <param name="Margin">Share of a purchase's net that is earned.</param>
/// <param name="Falls">When P(alive) falls to 0.5, 0.3 and 0.2.</param>
public sealed record CustomerLifetime(
    Guid CustomerId,
    GroupNow? Group,
    Guid ModelId,
    DateOnly AsOf,
    int RepeatDays,
    double Recency,
    double Age,
    decimal? MeanValue,
    double Alive,
    IReadOnlyList<Prospect> Expected,
    decimal Value,
    decimal Clv,
    decimal Margin,
    string Currency,
    IReadOnlyList<Fall> Falls
);

/// <summary>One customer by the active model.</summary>
public static class GetLifetime
{
    const double LongestWeeks = 5_200;
    static readonly double[] levels = [0.5, 0.3, 0.2];

    public static void Map(CrmService room) =>
        room.MapGet(
                "customers/{id:guid}/lifetime",
                "Whether a customer still buys, how much is expected, and what it is worth",
                "segmentation.read",
                async (
                    Guid id,
                    [Description("As of the end of this business day, not in the future; today if left out.")] DateOnly? asOf,
                    NpgsqlDataSource db,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var today = business.DayOf(clock.GetUtcNow());
                    var day = asOf ?? today;
                    if (day > today)
                        throw new BadRequestException("asOf", "not in the future");
                    var model = await ModelList.Active(db, ct);
                    var group = await CustomerGroups.Of(db, id, ct);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    return await BuyingHistories.Of(connection, group, business, day, ct) is { } history
                        ? Results.Ok(View(id, group, model, history, day, business))
                        : Answer.NotFound("net order of customer", id);
                }
            )
            .Produces<CustomerLifetime>()
            .Refuses("model-not-active", "too-young");

    static CustomerLifetime View(Guid id, CustomerGroup group, ActiveModel active, BuyingHistory c, DateOnly asOf, Business business)
    {
        if (c.IsYoung(asOf))
            throw new RuleViolationException(
                "too-young",
                $"The first purchase was on {c.First:O}; {BuyingHistory.Young} days after it more can be said.",
                "asOf"
            );
        var (model, x, recency, age) = (active.Computed.Purchases.Model, c.X, c.Recency, c.Age(asOf));
        var score = active.Scorer.Of(x, recency, age, c.MeanValue(business));
        Prospect After(int weeks, double purchases) =>
            new(weeks, Math.Round(purchases, 4), Math.Round(model.AnyPurchase(x, recency, age, weeks), 4));
        return new(
            CustomerId: id,
            Group: group.IsAlone ? null : new(group.SurvivorId, group.Members),
            ModelId: active.Id,
            AsOf: asOf,
            RepeatDays: x,
            Recency: Math.Round(recency, 4),
            Age: Math.Round(age, 4),
            MeanValue: x == 0 ? null : Amount(c.MeanValue(business), business),
            Alive: Math.Round(score.Alive, 4),
            Expected: [After(4, score.Weeks4), After(13, score.Weeks13), After(26, score.Weeks26), After(52, score.Weeks52)],
            Value: Amount(score.Value, business),
            Clv: Amount(score.Clv, business),
            Margin: active.Computed.Margin,
            Currency: business.Currency,
            Falls:
            [
                .. levels.Select(level => new Fall(level, model.FallsTo(level, x, recency) is { } at ? Instant(c, at, business) : null)),
            ]
        );
    }

    /// <summary>Weeks are counted from the end of the first purchase day, of which T is 0.</summary>
    internal static DateTimeOffset? Instant(BuyingHistory c, double weeks, Business business)
    {
        if (weeks > LongestWeeks)
            return null;
        var days = Math.Max(weeks, c.Recency) * 7;
        // A day of the calendar may have 23 or 25 hours.
        var day = c.First.AddDays(1 + (int)Math.Floor(days));
        var start = business.StartOf(day);
        var at = start + ((business.StartOf(day.AddDays(1)) - start) * (days - Math.Floor(days)));
        return at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
    }

    internal static decimal Amount(double value, Business business) => Money.Round((decimal)value, business.Currency);
}
