using System.Collections.Immutable;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>
/// What the checks say of a customer, folded from the facts. Rules and the present turn it into a score; it holds no personal text.
/// </summary>
/// <param name="Source">The system that registered the customer.</param>
/// <param name="IsAnswered">Consent was given or refused.</param>
/// <param name="Checks">What each check says, and since which fact; of what is read from the view only what fails.</param>
/// <param name="Contacts">For each contact of the profile, when it was verified last; null for never.</param>
/// <param name="Addresses">The same of addresses.</param>
/// <param name="Waived">What was waived, by rule.</param>
public sealed record Assessment(
    CustomerKind Kind,
    string? Source,
    bool IsAnswered,
    ImmutableDictionary<string, Assessment.Result> Checks,
    ImmutableArray<Assessment.Mark?> Contacts,
    ImmutableArray<Assessment.Mark?> Addresses,
    ImmutableDictionary<string, Assessment.Waiver> Waived
)
{
    /// <summary>A fact, and when it happened.</summary>
    public sealed record Mark(DateTimeOffset At, Guid Fact);

    public sealed record Result(bool Fails, Mark Since);

    /// <param name="Until">Until before when; null if for good.</param>
    public sealed record Waiver(string Reason, DateTimeOffset? Until)
    {
        public bool Holds(DateTimeOffset now) => Until is not { } until || now < until;
    }

    /// <summary>A customer's assessment after a fact; null of one who is not known yet or was forgotten.</summary>
    /// <param name="region">The business's region.</param>
    public static Assessment? After(Assessment? before, RecordedEvent e, string region) =>
        (before, e.Data) switch
        {
            (_, CustomerRegistered { Personal.Value: { } details } r) => new Assessment(
                r.Kind,
                r.Source,
                false,
                ImmutableDictionary<string, Result>.Empty,
                [],
                [],
                ImmutableDictionary<string, Waiver>.Empty
            ).Told(details, new(r.OccurredAt, e.Id), region),
            (_, CustomerRegistered or CustomerForgotten) => null,
            (null, _) => null,
            ({ } known, ProfileRevised { Personal.Value: { } details } r) => known.Told(details, new(r.OccurredAt, e.Id), region),
            ({ } known, FieldVerified v) => known.Verified(v, new(v.OccurredAt, e.Id)),
            ({ } known, ConsentGiven c) => known.Answered(new(c.OccurredAt, e.Id)),
            ({ } known, ConsentWithdrawn c) => known.Answered(new(c.OccurredAt, e.Id)),
            ({ } known, FindingWaived w) => known with { Waived = known.Waived.SetItem(w.Rule, new(w.Reason, w.Until)) },
            ({ } known, FindingReopened w) => known with { Waived = known.Waived.Remove(w.Rule) },
            _ => before,
        };

    /// <summary>Of all facts of a customer.</summary>
    public static Assessment? Of(IEnumerable<RecordedEvent> facts, string region) =>
        facts.Aggregate((Assessment?)null, (before, e) => After(before, e, region));

    public bool Fails(string check) => Checks.GetValueOrDefault(check) is { Fails: true };

    Assessment Told(PersonalDetails details, Mark mark, string region)
    {
        var profile = new Checked(Kind, details, IsAnswered, region);
        var checks = Checks.ToBuilder();
        foreach (var check in QualityChecks.All)
            if (check.Kind != RuleKind.Fresh)
                Put(checks, check.Id, check.Fails(profile), mark);
        return this with
        {
            Checks = checks.ToImmutable(),
            Contacts = [.. details.Contacts.Select(c => Dated(c.VerifiedAt, Contacts, mark))],
            Addresses = [.. details.Addresses.Select(a => Dated(a.VerifiedAt, Addresses, mark))],
        };
    }

    /// <summary>A verification that the profile brings along was told by the fact before that has the same instant.</summary>
    static Mark? Dated(DateTimeOffset? at, ImmutableArray<Mark?> before, Mark mark) =>
        at is { } verified ? before.FirstOrDefault(b => b?.At == verified) ?? mark with { At = verified } : null;

    Assessment Verified(FieldVerified fact, Mark mark) =>
        fact.Field == Verification.Address
            ? this with
            {
                Addresses = Later(Addresses, fact.Places, mark),
            }
            : this with
            {
                Contacts = Later(Contacts, fact.Places, mark),
            };

    static ImmutableArray<Mark?> Later(ImmutableArray<Mark?> marks, IReadOnlyList<int> places, Mark mark) =>
        [.. marks.Select((before, i) => places.Contains(i) && !(before?.At >= mark.At) ? mark : before)];

    Assessment Answered(Mark mark)
    {
        var checks = Checks.ToBuilder();
        Put(checks, RequiredChecks.Consent, false, mark);
        return this with { IsAnswered = true, Checks = checks.ToImmutable() };
    }

    static void Put(ImmutableDictionary<string, Result>.Builder checks, string id, bool fails, Mark mark)
    {
        if (checks.GetValueOrDefault(id)?.Fails != fails)
            checks[id] = new(fails, mark);
    }
}
