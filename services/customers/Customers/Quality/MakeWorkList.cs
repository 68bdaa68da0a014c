namespace CrmPlatform.Customers.Quality;

/// <summary>
/// Puts customers on a list for those who mend profiles, as they are now: by rule those who break it for the longest time first, by band
/// those with the lowest score first. The list stays as it is; it shows who is done.
/// </summary>
/// <param name="Name">What people call it: <c>phones-november</c>.</param>
/// <param name="Rule">Customers who break this rule and of whom it is not waived.</param>
/// <param name="Band">Customers in this band: <c>poor</c>, <c>fair</c> or <c>good</c>. Rule, band or both.</param>
/// <param name="Source">Only customers whom this system registered.</param>
/// <param name="Most">How many at most: 1 to 5,000, 500 if left out.</param>
public sealed record MakeWorkList(
    [property: Label(80)] string? Name = null,
    [property: StringLength(40)] string? Rule = null,
    QualityBand? Band = null,
    [property: Label(60)] string? Source = null,
    [property: Range(1, 5_000)] int Most = 500
)
{
    /// <exception cref="RuleViolationException"><c>nothing-to-mend</c>: there are no such customers.</exception>
    public IWorkListEvent[] Decide(WorkList list, IReadOnlyList<Guid> customers, DateTimeOffset now) =>
        list.Made is not null ? []
        : customers.Count == 0
            ? throw new RuleViolationException("nothing-to-mend", "There are no such customers.", Rule is null ? "band" : "rule")
        : [new WorkListMade(Name, Rule, Band, Source, customers, now)];

    public static void Map(CrmService room) =>
        room.MapPost(
                "quality/work-lists",
                "Make a list of customers whose profiles are to be mended",
                "customers.quality.write",
                async (MakeWorkList command, Request request, EventStore store, WorkToDo work) =>
                {
                    if (command.Rule is null && command.Band is null)
                        throw new BadRequestException("rule", "given, or a band");
                    var customers = await work.Find(command, request.Cancelled);
                    var id = request.NewId;
                    return request.Done(
                        await store.Write(
                            request.Creates(id, done => done.Events.Count > 0 ? $"/api/customers/quality/work-lists/{id}" : null),
                            WorkList.Of(id),
                            list => command.Decide(list, customers, request.Now)
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses("nothing-to-mend", "rule-unknown");
}
