namespace CrmPlatform.Segmentation.Grading;

/// <summary>Grades all customers by the latest version of a scheme, and tells those whose grade changed.</summary>
/// <param name="AsOf">The business day at whose end; today if left out. Not in the future. A day of the past is a report.</param>
public sealed record GradeCustomers(DateOnly? AsOf = null)
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(20);

    public static void Map(CrmService room) =>
        room.MapPost(
                "grade-schemes/{code}/runs",
                "Grade everybody by a scheme as of a day",
                "segmentation.run",
                async (
                    [Code] string code,
                    GradeCustomers command,
                    Request request,
                    Graders graders,
                    PublishGrades publisher,
                    EventStore store,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var today = business.DayOf(clock.GetUtcNow());
                    var asOf = command.AsOf ?? today;
                    if (asOf > today)
                        throw new RuleViolationException("as-of-in-the-future", $"Today is {today:O}: nobody knows more.", "asOf");
                    var scheme = (await store.Read(SchemeBook.Of(code), ct)).State.Existing(code);
                    var run = await graders.Grade(request, scheme, asOf, ct);
                    // A large population takes longer than a caller waits: the run says itself when everybody has been told.
                    await Task.WhenAny(publisher.Publish(run.Id, request.Metadata), Task.Delay(patience, clock, ct));
                    return request.Done(run.Done);
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .AtOnce(2)
            .Refuses("as-of-in-the-future", "nobody-to-grade");
}
