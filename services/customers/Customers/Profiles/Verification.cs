namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// When contacts and addresses were last shown to be the customer's. It is kept as long as the value stays, through every revision of the
/// profile.
/// </summary>
public static class Verification
{
    /// <summary>The field that stands for addresses; other fields are the kinds of contacts.</summary>
    public const string Address = "address";

    /// <summary>Each contact once, with its latest verification.</summary>
    /// <exception cref="RuleViolationException"><c>in-the-future</c>: it was verified later than now.</exception>
    public static IReadOnlyList<Contact> Latest(IEnumerable<Contact> contacts, DateTimeOffset now) =>
        [
            .. contacts
                .Select((c, i) => c with { VerifiedAt = Told(c.VerifiedAt, $"contacts[{i}]", now) })
                .GroupBy(c => (c.Kind, c.Value))
                .Select(same => new Contact(same.Key.Kind, same.Key.Value, same.Max(c => c.VerifiedAt))),
        ];

    /// <inheritdoc cref="Latest"/>
    public static DateTimeOffset? Told(DateTimeOffset? verifiedAt, string field, DateTimeOffset now) =>
        verifiedAt is { } at ? Clocks.Told(at, now, $"{field}.verifiedAt") : null;

    /// <summary>A revised profile with the verifications of what it keeps.</summary>
    public static PersonalDetails Carried(this PersonalDetails revised, PersonalDetails? before) =>
        before is null
            ? revised
            : revised with
            {
                Contacts =
                [
                    .. revised.Contacts.Select(c =>
                        before.Contacts.FirstOrDefault(b => (b.Kind, b.Value) == (c.Kind, c.Value)) is { } kept
                            ? Later(c, kept.VerifiedAt)
                            : c
                    ),
                ],
                Addresses =
                [
                    .. revised.Addresses.Select(a =>
                        before.Addresses.FirstOrDefault(b => Same(a, b)) is { } kept ? Later(a, kept.VerifiedAt) : a
                    ),
                ],
            };

    /// <summary>The details with what a fact verifies.</summary>
    public static PersonalDetails Verified(this PersonalDetails details, FieldVerified fact) =>
        fact.Field == Address
            ? details with
            {
                Addresses = [.. details.Addresses.Select((a, i) => fact.Places.Contains(i) ? Later(a, fact.OccurredAt) : a)],
            }
            : details with
            {
                Contacts = [.. details.Contacts.Select((c, i) => fact.Places.Contains(i) ? Later(c, fact.OccurredAt) : c)],
            };

    /// <summary>What a repeated registration says was verified since, of what the profile still has.</summary>
    public static IEnumerable<FieldVerified> Since(PersonalDetails details, PersonalDetails told, Guid customer)
    {
        for (var i = 0; i < details.Contacts.Count; i++)
        {
            var known = details.Contacts[i];
            if (told.Contacts.FirstOrDefault(c => (c.Kind, c.Value) == (known.Kind, known.Value))?.VerifiedAt is { } at)
                if (IsNews(at, known.VerifiedAt))
                    yield return FieldVerified.Of(customer, known.Kind, [i], known.Value, VerificationMethod.Source, at);
        }
        for (var i = 0; i < details.Addresses.Count; i++)
        {
            var known = details.Addresses[i];
            if (told.Addresses.FirstOrDefault(a => Same(a, known))?.VerifiedAt is { } at && IsNews(at, known.VerifiedAt))
                yield return FieldVerified.Of(customer, Address, [i], known.Kind, VerificationMethod.Source, at);
        }
    }

    /// <summary>Whether it is later than what is known, by more than a clock that ran ahead then explains.</summary>
    static bool IsNews(DateTimeOffset told, DateTimeOffset? known) =>
        known is not { } before || (told > before && !Clocks.Same(told, before));

    static bool Same(Address one, Address other) => one with { VerifiedAt = null } == other with { VerifiedAt = null };

    static Contact Later(Contact contact, DateTimeOffset? at) =>
        at is null || contact.VerifiedAt >= at ? contact : contact with { VerifiedAt = at };

    static Address Later(Address address, DateTimeOffset? at) =>
        at is null || address.VerifiedAt >= at ? address : address with { VerifiedAt = at };
}
