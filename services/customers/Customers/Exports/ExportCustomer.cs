using System.Text.Json;
using CrmPlatform.Contracts;
using CrmPlatform.Customers.Companies;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Quality;

namespace CrmPlatform.Customers.Exports;

/// <summary>
/// Everything that the platform holds about one person, of all rooms, machine-readable (PIPL article 45). Half an export would pass for a
/// whole one: it is all or 503.
/// </summary>
/// <param name="At">When the export was made.</param>
/// <param name="Profile">The profile, as GET /api/customers/{id} shows it.</param>
/// <param name="Facts">What was told of the person here, oldest first, also what was replaced since; then what was told of them as a
/// contact of companies.</param>
/// <param name="Findings">What is to be mended of the profile, or was waived.</param>
/// <param name="Timeline">What all rooms have told of them, oldest first.</param>
/// <param name="Contexts">What each other room holds, by its name.</param>
/// <param name="Others">The same of each other customer who is this person; empty where there is none.</param>
public sealed record ExportCustomer(
    Guid CustomerId,
    DateTimeOffset At,
    CustomerProfile Profile,
    IReadOnlyList<HeldFact> Facts,
    IReadOnlyList<QualityLine> Findings,
    JsonElement? Timeline,
    IReadOnlyDictionary<string, JsonElement?> Contexts,
    IReadOnlyList<ExportCustomer.Member> Others
)
{
    /// <summary>Another customer who is the same person, with what is held under that id.</summary>
    /// <param name="Facts">What was told of the person here, oldest first.</param>
    /// <param name="Findings">What is to be mended of the profile, or was waived.</param>
    /// <param name="Timeline">What all rooms have told, oldest first.</param>
    /// <param name="Contexts">What each other room holds, by its name.</param>
    public sealed record Member(
        Guid CustomerId,
        IReadOnlyList<HeldFact> Facts,
        IReadOnlyList<QualityLine> Findings,
        JsonElement? Timeline,
        IReadOnlyDictionary<string, JsonElement?> Contexts
    );

    static readonly string[] rooms = [.. ContextMap.Contexts.Where(context => context != "customers" && !ContextMap.OnlyReads(context))];

    public static void Map(CrmService room) =>
        room.MapGet(
                "{id:guid}/export",
                "Export everything held about one person",
                "personal.export",
                async (
                    Guid id,
                    HttpContext http,
                    Neighbours neighbours,
                    EventStore store,
                    ReadProfiles profiles,
                    NpgsqlDataSource db,
                    KnownRules rules,
                    Business business,
                    TimeProvider clock,
                    PersonalReader reader,
                    CancellationToken ct
                ) =>
                {
                    await using (var connection = await db.OpenConnectionAsync(ct))
                        if (await Resend.IsUnderway(connection, "portraits"))
                            throw new NeighbourAwayException("portraits"); // its timelines are not whole yet
                    if (await profiles.Of(id, null, null, ct) is not { } profile)
                        return Answer.NotFound("customer", id);
                    var own = await Of(id);
                    var others = new List<Member>();
                    foreach (var member in (profile.Group?.Members ?? []).Where(m => m != id))
                        others.Add(await Of(member));
                    await reader.Read([id, .. others.Select(o => o.CustomerId)]);
                    return Results.Ok(
                        new ExportCustomer(
                            CustomerId: id,
                            At: clock.GetUtcNow(),
                            Profile: profile,
                            Facts: own.Facts,
                            Findings: own.Findings,
                            Timeline: own.Timeline,
                            Contexts: own.Contexts,
                            Others: others
                        )
                    );

                    async Task<Member> Of(Guid customer)
                    {
                        var facts = await store.FetchStream(customer, ct: ct);
                        var findings = Assessment.Of(facts, business.Region) is { } assessed
                            ? QualityScore.Lines(assessed, await rules.Now(ct), clock.GetUtcNow()).Where(line => line.Status is not null)
                            : [];
                        List<RecordedEvent> held = [.. facts];
                        var timeline = From("portraits");
                        var parts = await Task.WhenAll(rooms.Select(async context => (context, Data: await From(context))));
                        foreach (var contact in await ForgetContact.With(customer, db, ct))
                            held.AddRange(await store.FetchStream(contact, ct: ct));
                        return new(
                            customer,
                            store.Held(held),
                            [.. findings],
                            await timeline,
                            parts.ToDictionary(p => p.context, p => p.Data)
                        );

                        Task<JsonElement?> From(string context) =>
                            neighbours.Get<JsonElement?>(context, $"/api/{context}/customers/{customer}/personal", http);
                    }
                }
            )
            .Produces<ExportCustomer>();
}
