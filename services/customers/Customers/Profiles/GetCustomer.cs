using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>One customer's profile, folded from the log with the person's key.</summary>
/// <param name="Id">Id of the customer.</param>
/// <param name="Kind"><c>individual</c> for a person, <c>enterprise</c> for a company.</param>
/// <param name="Source">The system that the customer came from; null if it was not named.</param>
/// <param name="Forgotten">True once the customer asked to be forgotten: what identifies them is gone at every moment.</param>
/// <param name="Personal">Whether the details are shown; if not, they are null.</param>
/// <param name="ExternalIds">The customer's numbers in other systems.</param>
/// <param name="Details">What is known of the person; null where it is withheld, and once they are forgotten.</param>
/// <param name="Tags">The customer's tags, each with its origin.</param>
/// <param name="Consents">What was decided last, for each purpose and channel.</param>
/// <param name="RegisteredAt">When the customer became known.</param>
/// <param name="ProfileSource">Id of the event that the details come from.</param>
/// <param name="ProfileAt">When that event happened.</param>
/// <param name="Group">With whom the customer is one; null if it is alone. What else is shown is the group's, but for id, source and
/// version.</param>
public sealed record CustomerProfile(
    Guid Id,
    CustomerKind Kind,
    string? Source,
    bool Forgotten,
    PersonalShown Personal,
    IReadOnlyList<ExternalId> ExternalIds,
    PersonalDetails? Details,
    IReadOnlyList<CustomerTag> Tags,
    IReadOnlyList<CustomerProfile.Consent> Consents,
    DateTimeOffset RegisteredAt,
    long Version,
    Guid ProfileSource,
    DateTimeOffset ProfileAt,
    ProfileGroup? Group = null
)
{
    /// <summary>A decision about consent.</summary>
    /// <param name="Purpose">What the data may be used for: <c>marketing</c>.</param>
    /// <param name="Channel">The channel that it is about: <c>email</c>.</param>
    /// <param name="Granted">True if consent was given, false if it was withdrawn or refused.</param>
    /// <param name="NoticeVersion">Version of the privacy notice that was shown.</param>
    /// <param name="At">When it was decided.</param>
    /// <param name="CustomerId">The customer for whom it was; another member of the group, if that member's is the stricter.</param>
    public sealed record Consent(string Purpose, string Channel, bool Granted, string NoticeVersion, DateTimeOffset At, Guid CustomerId);

    /// <param name="now">The present, for what ends by time; it matters where asOf is null.</param>
    /// <param name="asOf">What had happened by then.</param>
    /// <param name="knownAt">What had been recorded by then.</param>
    public static CustomerProfile? Fold(
        IReadOnlyList<RecordedEvent> events,
        DateTimeOffset now,
        DateTimeOffset? asOf = null,
        DateTimeOffset? knownAt = null,
        TagJoins? joins = null
    )
    {
        CustomerProfile? p = null;
        var held = HeldTags.None;
        var consents = new Dictionary<string, Consent>();
        var forgotten = events.Any(e => e.Data is CustomerForgotten);
        foreach (var e in events)
        {
            if (e.RecordedAt > knownAt || At(e.Data) > asOf)
                continue;
            p = e.Data switch
            {
                CustomerRegistered r => new(
                    Id: e.StreamId,
                    Kind: r.Kind,
                    Source: r.Source,
                    Forgotten: forgotten,
                    Personal: forgotten ? PersonalShown.Forgotten : PersonalShown.Shown,
                    ExternalIds: r.ExternalIds,
                    Details: r.Personal?.Value,
                    Tags: [],
                    Consents: [],
                    RegisteredAt: r.OccurredAt,
                    Version: e.Version,
                    ProfileSource: e.Id,
                    ProfileAt: r.OccurredAt
                ),
                ProfileRevised r when p is not null => p with
                {
                    Details = r.Personal?.Value,
                    ProfileSource = e.Id,
                    ProfileAt = r.OccurredAt,
                },
                FieldVerified v when p is not null => p with { Details = p.Details?.Verified(v) },
                ExternalIdLinked l when p is not null => p with { ExternalIds = [.. p.ExternalIds, l.ExternalId] },
                ExternalIdUnlinked l when p is not null => p with { ExternalIds = [.. p.ExternalIds.Where(x => x != l.ExternalId)] },
                _ => p,
            };
            if (e.Data is ConsentGiven g)
                consents[$"{g.Purpose}/{g.Channel}"] = new(g.Purpose, g.Channel, true, g.NoticeVersion, g.OccurredAt, e.StreamId);
            if (e.Data is ConsentWithdrawn w)
                consents[$"{w.Purpose}/{w.Channel}"] = new(w.Purpose, w.Channel, false, w.NoticeVersion, w.OccurredAt, e.StreamId);
            held = held.Evolve(e.Data);
            p = p is null ? null : p with { Version = e.Version };
        }
        // What is forgotten is forgotten at every point in time.
        return p is null
            ? null
            : p with
            {
                Consents = [.. consents.Values],
                ExternalIds = forgotten ? [] : p.ExternalIds,
                Tags = forgotten
                    ? []
                    : [.. held.At(asOf ?? now, joins ?? TagJoins.None).Select(t => new CustomerTag(t.Tag, t.Origins[0].Origin))],
            };
    }

    /// <summary>With the age band on a day, where the date of birth is known: a stored one ages.</summary>
    CustomerProfile WithAge(DateOnly day) =>
        Details is { BirthDate: { } birth } details
            ? this with
            {
                Details = details with { Demographics = details.Demographics with { AgeBand = Profile.BandOf(birth, day) } },
            }
            : this;

    CustomerProfile For(PersonalReader reader) => this with { Personal = reader.Of(Forgotten), Details = reader.May ? Details : null };

    public static void Map(CrmService room) =>
        room.MapGet(
                "{id:guid}",
                "One customer's profile, now or at another moment",
                "customers.read",
                async (
                    Guid id,
                    string? asOf,
                    string? knownAt,
                    ReadProfiles profiles,
                    Business business,
                    TimeProvider clock,
                    PersonalReader reader,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                {
                    var (then, known) = (business.Moment("asOf", asOf), business.Moment("knownAt", knownAt));
                    if (await profiles.Of(id, then, known, ct) is not { } profile)
                        return Answer.NotFound("customer", id);
                    http.Response.Headers.ETag = $"\"{profile.Version}\"";
                    var shown = profile.WithAge(business.DayOf(then ?? clock.GetUtcNow())).For(reader);
                    if (shown.Details is not null)
                        await reader.Read([.. shown.Group?.Members ?? [id]]);
                    return Results.Ok(shown);
                }
            )
            .Produces<CustomerProfile>()
            .ShowsMoreWith(
                Permissions.PersonalRead,
                "the details: name, birth date, contacts, addresses, demographics, psychographics, preferences and contact persons"
            )
            .WithName("GetCustomer");

    /// <summary>When a fact of a customer happened.</summary>
    internal static DateTimeOffset At(object fact) =>
        fact switch
        {
            CustomerRegistered e => e.OccurredAt,
            ProfileRevised e => e.OccurredAt,
            FieldVerified e => e.OccurredAt,
            ExternalIdLinked e => e.OccurredAt,
            CustomerTagged e => e.OccurredAt,
            CustomerUntagged e => e.OccurredAt,
            TagExpired e => e.OccurredAt,
            TagAllowed e => e.OccurredAt,
            ConsentGiven e => e.OccurredAt,
            ConsentWithdrawn e => e.OccurredAt,
            CustomerForgotten e => e.OccurredAt,
            _ => DateTimeOffset.MinValue,
        };
}
