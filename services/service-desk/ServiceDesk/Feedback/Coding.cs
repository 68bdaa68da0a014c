using System.Collections.Immutable;

namespace CrmPlatform.ServiceDesk.Feedback;

public interface ICodingEvent;

/// <summary>What the rules of a codebook found in a text. The text stays where it was written.</summary>
/// <param name="FeedbackId">The ticket, the survey's answer or the feedback that has the text.</param>
/// <param name="Source"><c>ticket</c>, <c>survey</c>, or as the feedback says.</param>
/// <param name="Version">Of the codebook.</param>
/// <param name="Again">Whether it had been coded by another version before.</param>
/// <param name="SaidAt">When the customer said it.</param>
public sealed record FeedbackCoded(
    Guid FeedbackId,
    Guid CustomerId,
    string Source,
    int Version,
    IReadOnlyList<string> Themes,
    bool Again,
    DateTimeOffset SaidAt
) : ICodingEvent
{
    public bool Equals(FeedbackCoded? other) =>
        other is not null
        && (FeedbackId, CustomerId, Source, Version, Again, SaidAt)
            == (other.FeedbackId, other.CustomerId, other.Source, other.Version, other.Again, other.SaidAt)
        && Themes.SequenceEqual(other.Themes);

    public override int GetHashCode() => HashCode.Combine(FeedbackId, Version);
}

/// <summary>A person says that the text is about a theme: that beats the rules.</summary>
public sealed record ThemeSet(Guid FeedbackId, string Theme, string By, DateTimeOffset OccurredAt) : ICodingEvent;

/// <summary>A person says that the text is not about a theme: that beats the rules.</summary>
public sealed record ThemeRemoved(Guid FeedbackId, string Theme, string By, DateTimeOffset OccurredAt) : ICodingEvent;

/// <summary>Which themes a text is about: what the rules found, and what people said.</summary>
public sealed record Coding : IAggregate<Coding, ICodingEvent>
{
    public static Coding Initial { get; } = new();

    public static Stream<Coding, ICodingEvent> Of(Guid feedbackId) => new(NameId.For("feedback-coding", feedbackId.ToString()));

    /// <summary>Of the codebook whose rules were used last; null if none was.</summary>
    public int? Version { get; private init; }
    public ImmutableSortedSet<string> Found { get; private init; } = [];
    public ImmutableSortedSet<string> Set { get; private init; } = [];
    public ImmutableSortedSet<string> Removed { get; private init; } = [];

    public ImmutableSortedSet<string> Themes => Found.Union(Set).Except(Removed);

    public Coding Evolve(ICodingEvent @event) =>
        @event switch
        {
            FeedbackCoded e => this with { Version = e.Version, Found = [.. e.Themes] },
            ThemeSet e => this with { Set = Set.Add(e.Theme), Removed = Removed.Remove(e.Theme) },
            ThemeRemoved e => this with { Set = Set.Remove(e.Theme), Removed = Removed.Add(e.Theme) },
            _ => this,
        };
}
