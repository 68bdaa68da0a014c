namespace CrmPlatform.Customers.Identity;

/// <summary>Two customers who may be one, until somebody decides.</summary>
public sealed record Candidate(CandidateStatus? Status, MatchSuggested? Suggested, string? RejectedBecause = null)
    : IAggregate<Candidate, ICandidateEvent>
{
    public static Candidate Initial { get; } = new(null, null);

    /// <summary>The stream of a pair; the order of the two does not matter.</summary>
    public static Guid IdOf(Guid one, Guid other)
    {
        var (first, second) = Ordered(one, other);
        return NameId.For("identity-candidate", first.ToString(), second.ToString());
    }

    public static (Guid First, Guid Second) Ordered(Guid one, Guid other) => one.CompareTo(other) < 0 ? (one, other) : (other, one);

    public static Stream<Candidate, ICandidateEvent> Of(Guid id) => new(id);

    public Candidate Evolve(ICandidateEvent @event) =>
        @event switch
        {
            MatchSuggested e => new(CandidateStatus.Open, e),
            MatchRejected e => this with { Status = CandidateStatus.Rejected, RejectedBecause = e.Reason },
            MatchWithdrawn => this with { Status = CandidateStatus.Withdrawn },
            MatchConfirmed => this with { Status = CandidateStatus.Confirmed },
            MatchSeparated e => this with { Status = CandidateStatus.Rejected, RejectedBecause = e.Reason },
            _ => this,
        };

    /// <summary>What a new comparison of the two means.</summary>
    /// <param name="identifiersChanged">Since what was suggested last, an identifier of either came or went.</param>
    public ICandidateEvent[] Suggest(MatchSuggested now, bool identifiersChanged) =>
        Status switch
        {
            CandidateStatus.Open when now.SaysTheSame(Suggested!) => [],
            CandidateStatus.Rejected when !identifiersChanged && now.Model == Suggested?.Model => [],
            CandidateStatus.Confirmed when now.Reason != MatchVerdict.Revisit => [],
            _ => [now],
        };

    /// <summary>They no longer look alike, one was forgotten, or others made them one.</summary>
    public ICandidateEvent[] Withdraw(string reason, DateTimeOffset now) =>
        Status == CandidateStatus.Open ? [new MatchWithdrawn(reason, now)] : [];
}

public enum CandidateStatus
{
    Open,
    Rejected,
    Withdrawn,

    /// <summary>They are one.</summary>
    Confirmed,
}

public interface ICandidateEvent;

/// <summary>Two customers look like one. It holds no value of either: their profiles are in the facts that it names.</summary>
/// <param name="First">The one with the smaller id.</param>
/// <param name="FirstVersion">The fact of the first that has the profile which was compared.</param>
/// <param name="SecondVersion">The same of the second.</param>
/// <param name="Weight">In bits.</param>
/// <param name="Reason">Why somebody is asked.</param>
/// <param name="Lines">What adds up to the weight.</param>
/// <param name="Model">The model that it was made with.</param>
/// <param name="NamesCountedAt">When the names were counted by whose shares it was made.</param>
public sealed record MatchSuggested(
    Guid First,
    Guid Second,
    long FirstVersion,
    long SecondVersion,
    double Weight,
    double Probability,
    MatchVerdict Reason,
    IReadOnlyList<MatchLine> Lines,
    string Model,
    DateTimeOffset NamesCountedAt,
    DateTimeOffset OccurredAt
) : ICandidateEvent
{
    /// <summary>
    /// The same profiles, on the same levels, with the same result: how common names are may have changed, which alone suggests nothing
    /// anew.
    /// </summary>
    public bool SaysTheSame(MatchSuggested other) =>
        (FirstVersion, SecondVersion, Reason, Model) == (other.FirstVersion, other.SecondVersion, other.Reason, other.Model)
        && Lines.Select(l => (l.Comparison, l.Level)).SequenceEqual(other.Lines.Select(l => (l.Comparison, l.Level)));
}

/// <param name="Reason">A code in the business's words: <c>family</c>.</param>
public sealed record MatchRejected(string Reason, DateTimeOffset OccurredAt) : ICandidateEvent;

/// <summary>They were made one.</summary>
public sealed record MatchConfirmed(Guid MergeId, DateTimeOffset OccurredAt) : ICandidateEvent;

/// <summary>They had been made one, and somebody took them apart.</summary>
/// <param name="Reason">A code in the business's words: <c>family</c>.</param>
public sealed record MatchSeparated(Guid MergeId, string Reason, DateTimeOffset OccurredAt) : ICandidateEvent;

/// <param name="Reason"><c>profile-changed</c>, <c>forgotten</c>, <c>refused</c> (the customer is not to be compared) or
/// <c>merged</c>.</param>
public sealed record MatchWithdrawn(string Reason, DateTimeOffset OccurredAt) : ICandidateEvent;
