using System.ComponentModel;

namespace CrmPlatform.Customers.Retracting;

/// <summary>How far the last retraction of an import or a source has come.</summary>
/// <param name="State"><c>underway</c> or <c>finished</c>.</param>
/// <param name="Reason">Why, as a code.</param>
/// <param name="Through">What was told up to here is taken back.</param>
/// <param name="OrderedAt">When it was ordered.</param>
/// <param name="Done">What was taken back; null while it is under way.</param>
public sealed record GetRetraction(
    [property: OneOf("underway", "finished")] string State,
    string Reason,
    long Through,
    DateTimeOffset OrderedAt,
    GetRetraction.Counts? Done
)
{
    /// <summary>How much was taken back.</summary>
    /// <param name="Purchases">Purchases, with their returns.</param>
    /// <param name="Returns">Returns of other purchases.</param>
    /// <param name="ExternalIds">Numbers of customers who were registered otherwise.</param>
    /// <param name="Forgotten">Customers who were forgotten.</param>
    /// <param name="Kept">Customers who were registered so and stay.</param>
    /// <param name="FinishedAt">When it was finished.</param>
    public sealed record Counts(long Purchases, long Returns, long ExternalIds, long Forgotten, long Kept, DateTimeOffset FinishedAt);

    public static void Map(CrmService room)
    {
        room.MapGet(
                "imports/{importId}/retraction",
                "How far an import is taken back",
                "customers.read",
                ([Description("The import's name.")] string importId, EventStore store, CancellationToken ct) =>
                    Of(Teller.Import, importId, store, ct)
            )
            .WithName("GetImportRetraction")
            .Produces<GetRetraction>();
        room.MapGet(
                "sources/{code}/retraction",
                "How far a source is taken back",
                "customers.read",
                ([Description("The source.")] string code, EventStore store, CancellationToken ct) => Of(Teller.Source, code, store, ct)
            )
            .WithName("GetSourceRetraction")
            .Produces<GetRetraction>();
        room.MapGet(
                "imports/{importId}/retraction/preview",
                "What taking back an import would do",
                "customers.sources.retract",
                ([Description("The import's name.")] string importId, Retractions retractions, HttpContext http) =>
                    Preview(Teller.Import, importId, retractions, http)
            )
            .WithName("PreviewImportRetraction")
            .Produces<RetractionPreview>()
            .AtOnce(2);
        room.MapGet(
                "sources/{code}/retraction/preview",
                "What taking back a source would do",
                "customers.sources.retract",
                ([Description("The source.")] string code, Retractions retractions, HttpContext http) =>
                    Preview(Teller.Source, code, retractions, http)
            )
            .WithName("PreviewSourceRetraction")
            .Produces<RetractionPreview>()
            .AtOnce(2);
    }

    static async Task<IResult> Of(Teller teller, string name, EventStore store, CancellationToken ct) =>
        (await store.Read(Retraction.Of(teller, name), ct)).State is { Ordered: { } order } retraction
            ? Results.Ok(
                new GetRetraction(
                    retraction.IsUnderway ? "underway" : "finished",
                    order.Reason,
                    order.Through,
                    order.OccurredAt,
                    retraction.Finished is { } f ? new(f.Purchases, f.Returns, f.ExternalIds, f.Forgotten, f.Kept, f.OccurredAt) : null
                )
            )
            : Answer.NotFound("retraction of", name);

    static async Task<IResult> Preview(Teller teller, string name, Retractions retractions, HttpContext http) =>
        await retractions.Of(teller, name, http.RequestAborted) is { } extent
            ? Results.Ok((await retractions.Look(teller, name, extent, http)).Preview)
            : Retractions.Nothing(teller, name);
}
