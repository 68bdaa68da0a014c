using CrmPlatform.Customers.Sources;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>A customer becomes known. An external id makes it idempotent: registering again finds the first.</summary>
/// <param name="Kind"><c>individual</c> for a person, <c>enterprise</c> for a company.</param>
/// <param name="Profile">What is known of the person or company.</param>
/// <param name="Source">The system that the customer comes from: <c>web</c>.</param>
/// <param name="ExternalIds">Numbers in other systems; the first of them gives the customer their id.</param>
/// <param name="Contacts">How to reach them.</param>
/// <param name="Addresses">Where they are.</param>
/// <param name="Tags">Words on the customer, 1 to 60 characters each; their origin is manual.</param>
/// <param name="Consents">What the customer decided about the use of their data.</param>
/// <param name="OccurredAt">When the customer became known: now if left out, not in the future.</param>
public sealed record RegisterCustomer(
    [property: Required] CustomerKind Kind,
    Profile? Profile = null,
    [property: Label(60)] string? Source = null,
    [property: MaxLength(20)] IReadOnlyList<ExternalId>? ExternalIds = null,
    [property: MaxLength(20)] IReadOnlyList<Contact>? Contacts = null,
    [property: MaxLength(20)] IReadOnlyList<Address>? Addresses = null,
    [property: MaxLength(50)] string[]? Tags = null,
    [property: MaxLength(50)] IReadOnlyList<RegisterCustomer.Consent>? Consents = null,
    DateTimeOffset? OccurredAt = null
)
{
    /// <summary>A decision about consent.</summary>
    /// <param name="Purpose">What the data may be used for, in the business's words: <c>marketing</c>.</param>
    /// <param name="Channel">The channel that it is about: <c>email</c>, <c>sms</c>.</param>
    /// <param name="Granted">True gives consent, false withdraws or refuses it.</param>
    /// <param name="NoticeVersion">Version of the privacy notice that was shown: <c>2026-01</c>.</param>
    public sealed record Consent(
        [property: Required, Code] string Purpose,
        [property: Required, Code(30)] string Channel,
        bool Granted,
        [property: Required, NoticeVersion] string NoticeVersion
    );

    /// <summary>The external ids, each by its key. Not public: a property that is would be a name that bodies may use.</summary>
    internal IReadOnlyList<ExternalId> Ids => [.. (ExternalIds ?? []).Select(x => x.Normal()).Distinct()];

    /// <summary>The ids as they are spelled, where that is not their key: before keys were compared, they were stored so.</summary>
    internal IReadOnlyList<ExternalId> OldIds => [.. (ExternalIds ?? []).Except(Ids)];

    /// <summary>The id that the first external id gives, or the one that was made for the request.</summary>
    public Guid IdOr(Guid made) => Ids is [var first, ..] ? NameId.For("customer", first.System, first.Value) : made;

    /// <param name="region">The business's region, in which a phone without country code is.</param>
    /// <exception cref="DuplicateException"><c>registered-differently</c>: the customer is known, and this says something else.</exception>
    /// <param name="words">The tags, with what the dictionary says of them; null if there are none.</param>
    /// <param name="origin">Who says that the customer has these tags.</param>
    public ICustomerEvent[] Decide(
        Customer customer,
        Guid id,
        DateTimeOffset now,
        string region,
        IReadOnlyList<TagWord>? words = null,
        TagOrigin origin = TagOrigin.Manual
    )
    {
        if (customer.Forgotten)
            customer.Known();
        if (customer.Exists)
            return RepeatedRegistration.Differences(this, customer, words ?? [], region) is [var first, ..] differences
                ? throw new DuplicateException(
                    "registered-differently",
                    $"Customer {id} is registered with this external id and differs in {string.Join(", ", differences)}. "
                        + $"To change the profile, send it to /api/customers/{id}/profile.",
                    first
                )
                :
                [
                    .. Ids.Except(customer.ExternalIds).Select(x => new ExternalIdLinked(x, now)),
                    .. customer.Details is { } known
                        ? Verification.Since(known, (Profile ?? new()).Details(Kind, Contacts, Addresses, now, region), id)
                        : [],
                ];
        var at = Clocks.Told(OccurredAt, now);
        var profile = Profile ?? new();
        if (Tags?.All(t => new KeyTextAttribute(60).IsValid(Keys.Normal(t))) == false)
            throw new RuleViolationException(
                "invalid-tag",
                "A tag has 1 to 60 characters, none of them a control or invisible one.",
                "tags"
            );
        var details = profile.Details(Kind, Contacts, Addresses, now, region);
        return
        [
            new CustomerRegistered(Kind, Source, Ids, Personal.Of(id, details), at),
            .. details.Demographics == new Demographics()
                ? Array.Empty<ICustomerEvent>()
                : [new DemographicsNoted(Kind, Personal.Of(id, details.Demographics), at)],
            .. NoteBirthday.Decide(customer, id, profile, at),
            .. Tagged(words ?? [], origin, at),
            .. (Consents ?? []).Select(c =>
                c.Granted
                    ? new ConsentGiven(c.Purpose, c.Channel, c.NoticeVersion, at)
                    : (ICustomerEvent)new ConsentWithdrawn(c.Purpose, c.Channel, c.NoticeVersion, at)
            ),
        ];
    }

    static IEnumerable<ICustomerEvent> Tagged(IReadOnlyList<TagWord> words, TagOrigin origin, DateTimeOffset at)
    {
        var held = HeldTags.None;
        foreach (var fact in words.SelectMany(word => TagRules.Give(held, word, origin, at, "tags")))
        {
            held = held.Evolve(fact);
            yield return fact;
        }
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "",
                "Register a customer",
                "customers.write",
                async (
                    RegisterCustomer command,
                    Request request,
                    EventStore store,
                    KnownCustomers customers,
                    KnownTags tags,
                    Business business,
                    FindDuplicates duplicates,
                    AskProfileGate gate,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                {
                    var codes = (await tags.CodesOf(command.Tags ?? [], ct)).Values.Distinct().ToList();
                    var id = command.IdOr(request.NewId);
                    if (command.OldIds.Count > 0)
                        id = await customers.OwnerOf([.. command.Ids, .. command.OldIds], ct) ?? id;
                    var alike = await duplicates(id, command, ct);
                    var pass = await gate(ct);
                    try
                    {
                        return Done(await Retold.Write(id, Register));
                    }
                    catch (PostgresException e) when (e.ConstraintName == Directory.ExternalIds)
                    {
                        // Another of the ids is known: whose it is does not depend on the order in which they are given.
                        var owner = await customers.OwnerOf(command.Ids, ct) ?? id;
                        return Done(await Directory.Unique(() => Retold.Write(owner, Register)));
                    }

                    Task<WriteResult> Register(Guid customer) =>
                        TagDictionary.Within(() =>
                            store.Write(
                                request.Creates(
                                    customer,
                                    done => done.Events is [CustomerRegistered, ..] ? $"/api/customers/{customer}" : null
                                ),
                                TagWrites
                                    .To(
                                        customer,
                                        codes,
                                        (c, words) =>
                                            pass(c, command.Decide(c.Current(customer), customer, request.Now, business.Region, words))
                                    )
                                    .From(request.Metadata with { Source = command.Source })
                            )
                        );

                    IResult Done(WriteResult done) =>
                        alike.Count > 0 && done.Events is [CustomerRegistered, ..]
                            ? Registered.Answer(http, done.StreamId, done.Version, alike)
                            : request.Done(done);
                }
            )
            .Produces<Registered>(201)
            .Produces<Registered>()
            .Refuses(
                "in-the-future",
                "invalid-tag",
                "enterprise-only",
                "unknown-role",
                "birth-date-in-future",
                "invalid-contact",
                "customer-forgotten",
                "tag-retired",
                "too-many-tags"
            )
            .Refuses(ProfileGate.Codes)
            .Duplicates("duplicate-identity", "registered-differently", "duplicate-customer");
}
