using System.Text.Json;
using CrmPlatform.Contracts;
using CrmPlatform.Customers.Companies;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Quality;
using CrmPlatform.Customers.Tags;

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
public sealed record ExportCustomer(
    Guid CustomerId,
    DateTimeOffset At,
    CustomerProfile Profile,
    IReadOnlyList<HeldFact> Facts,
    IReadOnlyList<QualityLine> Findings,
    JsonElement? Timeline,
    IReadOnlyDictionary<string, JsonElement?> Contexts
)
{
    static readonly string[] others = [.. ContextMap.Contexts.Where(context => context != "customers" && !ContextMap.OnlyReads(context))];

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
                    KnownTags tags,
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
                    var facts = await store.FetchStream(id, ct: ct);
                    var joins = await tags.JoinsOf(facts.Select(e => e.Data).OfType<CustomerTagged>().Select(t => t.Tag), ct);
                    if (CustomerProfile.Fold(facts, clock.GetUtcNow(), joins: joins) is not { } profile)
                        return Answer.NotFound("customer", id);
                    var timeline = From("portraits");
                    var parts = await Task.WhenAll(others.Select(async context => (context, Data: await From(context))));
                    var contexts = parts.ToDictionary(p => p.context, p => p.Data);
                    await reader.Read(id);
                    List<RecordedEvent> held = [.. facts];
                    foreach (var contact in await ForgetContact.With(id, db, ct))
                        held.AddRange(await store.FetchStream(contact, ct: ct));
                    var now = clock.GetUtcNow();
                    var findings = Assessment.Of(facts, business.Region) is { } assessed
                        ? QualityScore.Lines(assessed, await rules.Now(ct), now).Where(line => line.Status is not null).ToList()
                        : [];
                    return Results.Ok(new ExportCustomer(id, now, profile, store.Held(held), findings, await timeline, contexts));

                    Task<JsonElement?> From(string context) =>
                        neighbours.Get<JsonElement?>(context, $"/api/{context}/customers/{id}/personal", http);
                }
            )
            .Produces<ExportCustomer>();
}
