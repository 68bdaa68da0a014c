using System.ComponentModel;
using Microsoft.AspNetCore.Builder;

namespace CrmPlatform.Customers.Retracting;

/// <summary>
/// Takes back what an import or a source has told. It is carried out in the background, and goes on after any interruption.
/// </summary>
/// <param name="Reason">Why, as a code: <c>wrong-file</c>.</param>
/// <param name="Through">As the preview said. What was told after it makes the preview stale.</param>
/// <param name="Forget">Forgets the customers of whom nothing else tells, for good; otherwise they stay, without purchases.</param>
public sealed record OrderRetraction(
    [property: Required, Code] string Reason,
    [property: Range(1, long.MaxValue)] long Through,
    bool Forget = false
)
{
    public IRetractionEvent[] Decide(
        Retraction retraction,
        Teller teller,
        string name,
        Retractions.Extent extent,
        IReadOnlyList<Guid> kept,
        DateTimeOffset now
    ) =>
        retraction.Ordered?.Through >= extent.Through ? []
        : retraction.IsUnderway
            ? throw new RuleViolationException("retraction-underway", "What was ordered before is not finished yet.", "through")
        : extent.Through != Through
            ? throw new RuleViolationException("preview-stale", $"More was told since: the preview now says {extent.Through}.", "through")
        : [new RetractionOrdered(teller, name, Reason, extent.From, extent.Through, Forget, Forget ? kept : [], now)];

    public static void Map(CrmService room)
    {
        Declare(
            room.MapPost(
                "imports/{importId}/retraction",
                "Take back an import",
                "customers.sources.retract",
                (
                    [Description("The import's name.")] string importId,
                    OrderRetraction command,
                    Request request,
                    EventStore store,
                    Retractions retractions,
                    HttpContext http
                ) => command.Order(Teller.Import, importId, request, store, retractions, http)
            ),
            "RetractImport"
        );
        Declare(
            room.MapPost(
                "sources/{code}/retraction",
                "Take back everything that a source has told",
                "customers.sources.retract",
                (
                    [Description("The source.")] string code,
                    OrderRetraction command,
                    Request request,
                    EventStore store,
                    Retractions retractions,
                    HttpContext http
                ) => command.Order(Teller.Source, code, request, store, retractions, http)
            ),
            "RetractSource"
        );
    }

    static void Declare(RouteHandlerBuilder route, string name) => route.WithName(name).Refuses("preview-stale", "retraction-underway");

    async Task<IResult> Order(Teller teller, string name, Request request, EventStore store, Retractions retractions, HttpContext http)
    {
        if (await retractions.Of(teller, name, http.RequestAborted) is not { } extent)
            return Retractions.Nothing(teller, name);
        var kept = Forget ? (await retractions.Look(teller, name, extent, http)).Kept : [];
        return request.Done(
            await store.Write(request, Retraction.Of(teller, name), r => Decide(r, teller, name, extent, kept, request.Now))
        );
    }
}
