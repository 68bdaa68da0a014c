using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>Fits the purchases of all customers as of the end of a day, and compares a fit from before with what followed.</summary>
/// <param name="AsOf">The business day; today if left out. Not in the future.</param>
/// <param name="Kind"><c>mbg</c> (default) or <c>bg</c>: whether a customer may drop out after the first purchase too.</param>
/// <param name="Margin">Share of a purchase's net that is earned, above 0 and at most 1 (default).</param>
public sealed record FitModel(
    DateOnly? AsOf = null,
    ModelKind? Kind = null,
    [property: Range(typeof(decimal), "0.0001", "1")] decimal? Margin = null
)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "lifetime/models",
                "Fit a model of lifetime to the purchases of all customers as of a day",
                "segmentation.run",
                async (FitModel command, Request request, Fitting fitting, Business business, TimeProvider clock, CancellationToken ct) =>
                {
                    var today = business.DayOf(clock.GetUtcNow());
                    var asOf = command.AsOf ?? today;
                    if (asOf > today)
                        throw new RuleViolationException("as-of-in-the-future", $"Today is {today:O}: nobody knows more.", "asOf");
                    return request.Done(await fitting.Fit(request, asOf, command.Kind ?? ModelKind.Mbg, command.Margin ?? 1, ct));
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .AtOnce(1)
            .Refuses("as-of-in-the-future", "too-few");
}
