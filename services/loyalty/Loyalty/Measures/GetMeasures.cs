using System.ComponentModel;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Measures;

/// <summary>A measure of the programme.</summary>
/// <param name="Id">Its name: <c>repeat-rate</c>.</param>
/// <param name="Definition">Id and version of what it means: the same definition as of the same instant is the same number, save for what
/// became known since.</param>
/// <param name="Meaning">What it means, in words.</param>
/// <param name="Unit"><c>share</c>, <c>purchases</c>, <c>days</c>, <c>points</c>, or the base currency.</param>
/// <param name="Numerator">What is divided, or the amount itself.</param>
/// <param name="Denominator">By what it is divided; null for an amount.</param>
/// <param name="Value">Null where the denominator is 0.</param>
public sealed record MeasureShown(
    string Id,
    string Definition,
    string Meaning,
    string Unit,
    decimal Numerator,
    decimal? Denominator,
    decimal? Value
);

/// <summary>The measures as of an instant.</summary>
/// <param name="AsOf">The instant for which this holds.</param>
/// <param name="Position">Number of the event of the log up to which this is known.</param>
/// <param name="ActiveDays">Within how many days an active member did something.</param>
/// <param name="PointValue">What a point is worth, in the base currency.</param>
/// <param name="Measures">All of them: docs/measures.md.</param>
public sealed record MeasuresShown(
    DateTimeOffset AsOf,
    long Position,
    int ActiveDays,
    decimal PointValue,
    IReadOnlyList<MeasureShown> Measures
);

/// <summary>Every number of the programme as of an instant, by when things happened.</summary>
public static class GetMeasures
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "measures",
                "The measures of the programme as of an instant",
                "loyalty.read",
                async (
                    [Description("As of this instant; now if left out.")] DateTimeOffset? asOf,
                    [Description("Within how many days an active member did something; the setting if left out.")] int? activeDays,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var question = Question.Of(asOf, activeDays, rules, clock);
                    var (all, position) = await Question.Ask(
                        db,
                        async connection => (await connection.QueryAsync<Figures>(question.Command(Figures.Sql, ct))).First(),
                        ct
                    );
                    return new MeasuresShown(
                        question.At,
                        position,
                        question.ActiveDays,
                        rules.PointValue,
                        [.. Measure.All.Select(m => Shown(m, all, rules))]
                    );
                }
            )
            .AtOnce(Question.AtOnce);

    static MeasureShown Shown(Measure measure, Figures all, LoyaltyRules rules)
    {
        var (numerator, denominator) = (all.Of(measure.Numerator), measure.Denominator is { } set ? all.Of(set) : (decimal?)null);
        return new(
            Id: measure.Id,
            Definition: measure.Definition,
            Meaning: measure.Meaning,
            Unit: measure.Unit ?? rules.Business.Currency,
            Numerator: numerator,
            Denominator: denominator,
            Value: denominator is { } parts ? Figures.Share(numerator, parts) : numerator * rules.PointValue
        );
    }
}
