using System.ComponentModel;
using System.Text.Json;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>What a field of a profile was, from when, and who said so.</summary>
/// <param name="Field">The field.</param>
/// <param name="Personal">Whether the values are shown; if not, they are null.</param>
/// <param name="Items">What it was, oldest first; it begins where it was filled for the first time.</param>
public sealed record GetFieldHistory(Guid CustomerId, string Field, PersonalShown Personal, IReadOnlyList<GetFieldHistory.Span> Items)
{
    /// <summary>What the field was from an instant on.</summary>
    /// <param name="Value">What it was, as JSON; null where it was empty, and where it is withheld.</param>
    /// <param name="Empty">Whether it was empty from then on.</param>
    /// <param name="From">Since when it was so.</param>
    /// <param name="RecordedAt">When the room was told.</param>
    /// <param name="SourceEvent">Id of the event that said so.</param>
    /// <param name="Source">The system that said so, or the client who asked; null if it is not known.</param>
    /// <param name="Import">The import that it came with; null if with none.</param>
    /// <param name="Reason">Why it was corrected, as a code; null if it was not.</param>
    /// <param name="Batch">What it was corrected together with; null if with nothing.</param>
    public sealed record Span(
        JsonElement? Value,
        bool Empty,
        DateTimeOffset From,
        DateTimeOffset RecordedAt,
        Guid SourceEvent,
        string? Source,
        string? Import,
        string? Reason,
        string? Batch
    );

    /// <summary>The changes of a field in a customer's facts; of a person who was forgotten none is left.</summary>
    public static IReadOnlyList<Span> Of(IEnumerable<RecordedEvent> facts, string field)
    {
        var spans = new List<Span>();
        foreach (var e in facts)
        {
            var (details, at, why) = e.Data switch
            {
                CustomerRegistered r => (r.Personal?.Value, r.OccurredAt, null),
                ProfileRevised r => (r.Personal?.Value, r.OccurredAt, r.Correction?.Field == field ? r.Correction : null),
                _ => default,
            };
            if (details is null)
                continue;
            var value = ProfileFields.Of(details, field);
            if (spans.LastOrDefault()?.Value?.GetRawText() != value?.GetRawText())
                spans.Add(
                    new(
                        Value: value,
                        Empty: value is null,
                        From: at,
                        RecordedAt: e.RecordedAt,
                        SourceEvent: e.Id,
                        Source: e.Metadata.Source ?? e.Metadata.Actor,
                        Import: e.Metadata.Import,
                        Reason: why?.Reason,
                        Batch: why?.Batch
                    )
                );
        }
        return spans;
    }

    public static void Map(CrmService room) =>
        room.MapGet(
                "{id:guid}/history",
                "What became of a field of a profile",
                "customers.read",
                async (
                    Guid id,
                    [Description("The field, as the profile names it: name, contacts, city.")] string field,
                    EventStore store,
                    PersonalReader reader,
                    CancellationToken ct
                ) =>
                {
                    if (!ProfileFields.Names.Contains(field))
                        throw new BadRequestException("field", $"one of {string.Join(", ", ProfileFields.Names)}");
                    var facts = await store.FetchStream(id, ct: ct);
                    if (facts is not [{ Data: CustomerRegistered }, ..])
                        return Answer.NotFound("customer", id);
                    var spans = Of(facts, field);
                    if (reader.May && spans.Count > 0)
                        await reader.Read(id);
                    return Results.Ok(
                        new GetFieldHistory(
                            id,
                            field,
                            reader.Of(facts.Any(e => e.Data is CustomerForgotten)),
                            reader.May ? spans : [.. spans.Select(s => s with { Value = null })]
                        )
                    );
                }
            )
            .Produces<GetFieldHistory>()
            .ShowsMoreWith(Permissions.PersonalRead, "the values");
}
