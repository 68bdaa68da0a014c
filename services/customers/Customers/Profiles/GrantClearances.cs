namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Says, immediately before messages are handed over, to whom they may be sent: the address if the customer has consented to the purpose on
/// the channel, else why not. Whose address is given is recorded.
/// </summary>
/// <param name="Items">What is to be sent to whom, at most 200.</param>
public sealed record GrantClearances([property: Required, MaxLength(GrantClearances.Most)] IReadOnlyList<GrantClearances.Wanted> Items)
{
    public const int Most = 200;

    /// <summary>A message that is about to be sent.</summary>
    /// <param name="CustomerId">The customer to whom it is sent.</param>
    /// <param name="Purpose">What it is sent for: <c>marketing</c>.</param>
    /// <param name="Channel">How it is sent: <c>email</c>.</param>
    public sealed record Wanted(
        Guid CustomerId,
        [property: Required, Label(60)] string Purpose,
        [property: Required, Label(30)] string Channel
    );

    /// <summary>Whether a message may be sent.</summary>
    public enum Verdict
    {
        Cleared,
        Refused,
    }

    /// <summary>The answer for one message: it holds for the hand-over that follows at once, and is not stored.</summary>
    /// <param name="CustomerId">The customer who was asked for.</param>
    /// <param name="Purpose">What it is sent for.</param>
    /// <param name="Channel">How it is sent.</param>
    /// <param name="Verdict"><c>cleared</c> or <c>refused</c>.</param>
    /// <param name="Reason">Why it was refused: <c>no-consent</c>, <c>forgotten</c>, <c>no-address</c> or <c>unknown-customer</c>.</param>
    /// <param name="Address">The customer's address on the channel; null if it was refused, like what follows.</param>
    /// <param name="Name">The customer's name; null if it is not known.</param>
    /// <param name="Language">The language that the customer prefers, as a BCP 47 tag.</param>
    /// <param name="NoticeVersion">Version of the privacy notice under which they consented.</param>
    public sealed record Clearance(
        Guid CustomerId,
        string Purpose,
        string Channel,
        Verdict Verdict,
        string? Reason = null,
        string? Address = null,
        string? Name = null,
        string? Language = null,
        string? NoticeVersion = null
    );

    /// <summary>The answers, in the order of the question.</summary>
    /// <param name="Items">One for each message.</param>
    public sealed record Clearances(IReadOnlyList<Clearance> Items);

    /// <param name="profile">The customer's, with those with whom they are one: a withdrawal by any of them holds for all.</param>
    public static Clearance Decide(Wanted wanted, CustomerProfile? profile)
    {
        if (profile is null)
            return Refused("unknown-customer");
        if (profile.Forgotten)
            return Refused("forgotten");
        if (
            profile.Consents.FirstOrDefault(c => c.Purpose == wanted.Purpose && c.Channel == wanted.Channel)
            is not { Granted: true } consent
        )
            return Refused("no-consent");
        var contacts = profile.Details?.Contacts.Where(c => c.Kind == KindOf(wanted.Channel)) ?? [];
        return contacts.OrderBy(c => c.VerifiedAt is null).FirstOrDefault() is not { } contact
            ? Refused("no-address")
            : new(
                CustomerId: wanted.CustomerId,
                Purpose: wanted.Purpose,
                Channel: wanted.Channel,
                Verdict: Verdict.Cleared,
                Address: contact.Value,
                Name: profile.Details!.Name,
                Language: profile.Details.Demographics.Language,
                NoticeVersion: consent.NoticeVersion
            );

        Clearance Refused(string reason) => new(wanted.CustomerId, wanted.Purpose, wanted.Channel, Verdict.Refused, reason);
    }

    /// <summary>An identity number reaches nobody.</summary>
    static string? KindOf(string channel) =>
        channel switch
        {
            "sms" => "phone",
            "email" or "phone" or "wechat" => channel,
            _ => null,
        };

    public static void Map(CrmService room) =>
        room.MapPost(
                "clearances",
                "Ask whether messages may be sent, and to which address",
                "customers.contact.use",
                async (GrantClearances wanted, ReadProfiles profiles, PersonalReader reader, CancellationToken ct) =>
                {
                    var known = new Dictionary<Guid, CustomerProfile?>();
                    foreach (var id in wanted.Items.Select(i => i.CustomerId).Distinct())
                        known[id] = await profiles.Of(id, asOf: null, knownAt: null, ct);
                    var answers = wanted.Items.Select(i => Decide(i, known[i.CustomerId])).ToList();
                    var used = answers.Where(a => a.Verdict == Verdict.Cleared).Select(a => a.CustomerId).Distinct();
                    await reader.Read([.. used.SelectMany(id => known[id]!.Group?.Members ?? [id]).Distinct()]);
                    return new Clearances(answers);
                }
            )
            .Produces<Clearances>();
}
