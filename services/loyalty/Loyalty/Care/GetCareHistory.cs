using System.Globalization;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Care;

/// <summary>What became of an occasion.</summary>
public enum CareOutcome
{
    Due,
    Suppressed,
    PassedOver,
    Ended,
}

/// <param name="Personal">Whether occasion and days, which tell a birthday, are shown; if not, they are null.</param>
/// <param name="Reason">Why not: <c>no-consent</c>, <c>open-complaint</c>, <c>too-late</c>; <c>forgotten</c> for all that would have
/// come.</param>
public sealed record CareShown(
    long Version,
    CareOutcome Outcome,
    string? Reason,
    PersonalShown Personal,
    string? Occasion,
    int? Year,
    DateOnly? Day,
    DateTimeOffset? DueAt,
    string? Channel,
    string? Content,
    string? Tier,
    string? Language,
    long? Points,
    DateTimeOffset RecordedAt
);

/// <summary>Every occasion of a customer that was decided, newest first: greeted, or why not.</summary>
public static class GetCareHistory
{
    public static CareShown? Of(RecordedEvent e, bool mayRead = true)
    {
        return e.Data switch
        {
            CareCameDue d => Shown(CareOutcome.Due, null, d.Personal.Value) with
            {
                Channel = d.Channel,
                Content = d.Content,
                Tier = d.Tier,
                Language = d.Language,
                Points = d.Points > 0 ? d.Points : null,
            },
            CareSuppressed s => Shown(CareOutcome.Suppressed, s.Reason, s.Personal.Value) with { Channel = s.Channel },
            CarePassedOver p => Shown(CareOutcome.PassedOver, p.Reason, p.Personal.Value),
            CareEnded => Shown(CareOutcome.Ended, "forgotten", null),
            _ => null,
        };

        CareShown Shown(CareOutcome outcome, string? reason, CareOf? of) =>
            new(
                Version: e.Version,
                Outcome: outcome,
                Reason: reason,
                Personal: of is null ? PersonalShown.Forgotten
                    : mayRead ? PersonalShown.Shown
                    : PersonalShown.Withheld,
                Occasion: mayRead ? of?.Occasion : null,
                Year: mayRead ? of?.Year : null,
                Day: mayRead ? of?.Day : null,
                DueAt: mayRead ? of?.DueAt : null,
                Channel: null,
                Content: null,
                Tier: null,
                Language: null,
                Points: null,
                RecordedAt: e.RecordedAt
            );
    }

    public static void Map(CrmService room) =>
        room.MapGet(
                "accounts/{customerId:guid}/care",
                "The greetings of a customer, and why there were none",
                "loyalty.read",
                async (Guid customerId, int? limit, string? after, EventStore store, PersonalReader reader, CancellationToken ct) =>
                {
                    long? before =
                        after is null ? null
                        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
                        : throw new BadRequestException("after", "a cursor from a page's next");
                    var size = PageLimit.Of(limit);
                    var facts = await store.FetchStream(CustomerCare.IdOf(customerId), ct: ct);
                    if (facts.Count == 0)
                        return (IResult)Answer.NotFound("customer", customerId);
                    var found = facts
                        .Reverse()
                        .Where(e => before is null || e.Version < before)
                        .Select(e => Of(e, reader.May))
                        .OfType<CareShown>()
                        .Take(size + 1)
                        .ToList();
                    if (found.Exists(shown => shown.Personal == PersonalShown.Shown))
                        await reader.Read(customerId);
                    return TypedResults.Ok(Page.Of(found, size, last => last.Version.ToString(CultureInfo.InvariantCulture)));
                }
            )
            .Produces<Page<CareShown>>()
            .ShowsMoreWith(Permissions.PersonalRead, "the occasions and their days");
}
