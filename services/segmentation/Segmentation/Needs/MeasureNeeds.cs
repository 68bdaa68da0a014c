namespace CrmPlatform.Segmentation.Needs;

/// <summary>Judges all customers' needs by the shop's means of the 365 days up to a day, and tells those whose needs changed.</summary>
/// <param name="AsOf">The business day at whose end; today if left out. Not in the future. A day of the past is a report.</param>
public sealed record MeasureNeeds(DateOnly? AsOf = null)
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(20);

    public static void Map(CrmService room) =>
        room.MapPost(
                "needs/runs",
                "Judge everybody's needs as of a day",
                "segmentation.run",
                async (
                    MeasureNeeds command,
                    Request request,
                    NeedRuns runs,
                    PublishNeeds publisher,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var today = business.DayOf(clock.GetUtcNow());
                    var asOf = command.AsOf ?? today;
                    if (asOf > today)
                        throw new RuleViolationException("as-of-in-the-future", $"Today is {today:O}: nobody knows more.", "asOf");
                    var run = await runs.Measure(request, asOf, ct);
                    // A large population takes longer than a caller waits: the run says itself when everybody has been told.
                    await Task.WhenAny(publisher.Publish(run.Id, request.Metadata, again: true), Task.Delay(patience, clock, ct));
                    return request.Done(run.Done);
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .AtOnce(2)
            .Refuses("as-of-in-the-future", "nobody-to-judge");
}
