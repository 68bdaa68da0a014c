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

/// <summary>What became of an occasion.</summary>
/// <param name="CustomerId">The member whose occasion it was.</param>
/// <param name="Personal">Whether occasion and days, which tell a birthday, are shown; if not, they are null.</param>
/// <param name="Version">Place in the customer's stream.</param>
/// <param name="Outcome">Greeted (<c>due</c>), kept from it (<c>suppressed</c>), too late (<c>passedOver</c>), or ended with the
/// customer.</param>
/// <param name="Reason">Why not: <c>no-consent</c>, <c>open-complaint</c>, <c>too-late</c>, <c>same-person</c> (the survivor of the
/// group is greeted); <c>forgotten</c> for all that would have come.</param>
/// <param name="Occasion">Code of the occasion in the care plan; null once the person is forgotten, like the days.</param>
/// <param name="Year">Year of the occasion, in its calendar.</param>
/// <param name="Day">The day of the occasion itself.</param>
/// <param name="DueAt">When the greeting was due.</param>
/// <param name="Channel">How it is sent.</param>
/// <param name="Content">What is sent, as a code.</param>
/// <param name="Tier">The customer's tier then.</param>
/// <param name="Language">The customer's language, as a BCP 47 tag.</param>
/// <param name="Points">Points that were awarded with it; null for none.</param>
public sealed record CareShown(
    Guid CustomerId,
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

/// <summary>Every occasion of a person that was decided, newest first: greeted, or why not.</summary>
public static class GetCareHistory
{
    public static CareShown? Of(Guid customerId, RecordedEvent e, bool mayRead = true)
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
                CustomerId: customerId,
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
                async (
                    Guid customerId,
                    int? limit,
                    string? after,
                    EventStore store,
                    NpgsqlDataSource db,
                    PersonalReader reader,
                    CancellationToken ct
                ) =>
                {
                    long? before =
                        after is null ? null
                        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place
                        : throw new BadRequestException("after", "a cursor from a page's next");
                    var size = PageLimit.Of(limit);
                    var facts = new List<(Guid Member, RecordedEvent Fact)>();
                    foreach (var member in (await CustomerGroups.Of(db, customerId, ct)).Members)
                        facts.AddRange((await store.FetchStream(CustomerCare.IdOf(member), ct: ct)).Select(fact => (member, fact)));
                    if (facts.Count == 0)
                        return (IResult)Answer.NotFound("customer", customerId);
                    var found = (
                        from f in facts
                        where before is null || f.Fact.Sequence < before
                        orderby f.Fact.Sequence descending
                        let shown = Of(f.Member, f.Fact, reader.May)
                        where shown is not null
                        select (Shown: shown, f.Fact.Sequence)
                    )
                        .Take(size + 1)
                        .ToList();
                    var read = found.Where(f => f.Shown.Personal == PersonalShown.Shown).Select(f => f.Shown.CustomerId).Distinct();
                    await reader.Read([.. read]);
                    return TypedResults.Ok(
                        Page.Of(found, size, f => f.Shown, last => last.Sequence.ToString(CultureInfo.InvariantCulture))
                    );
                }
            )
            .Produces<Page<CareShown>>()
            .ShowsMoreWith(Permissions.PersonalRead, "the occasions and their days");
}
