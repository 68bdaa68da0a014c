using System.Collections.Immutable;
using System.Text.Json;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

public interface ISegmentEvent
{
    string Code { get; }
    DateTimeOffset OccurredAt { get; }
}

public sealed record SegmentDrafted(string Code, SegmentDraft Draft, DateTimeOffset OccurredAt) : ISegmentEvent;

public sealed record SegmentPublished(string Code, int Version, SegmentDraft Draft, DateTimeOffset OccurredAt) : ISegmentEvent;

public sealed record SegmentPaused(string Code, DateTimeOffset OccurredAt) : ISegmentEvent;

public sealed record SegmentResumed(string Code, DateTimeOffset OccurredAt) : ISegmentEvent;

public sealed record SegmentWithdrawn(string Code, DateTimeOffset OccurredAt) : ISegmentEvent;

/// <summary>draft → published ⇄ paused → withdrawn. A draft beside a published version changes nobody.</summary>
public enum SegmentStatus
{
    Draft,
    Published,

    /// <summary>Nobody enters or leaves until it is resumed; then they do as of that instant.</summary>
    Paused,

    /// <summary>Nobody is a member any more, and nothing can be published under the code.</summary>
    Withdrawn,
}

/// <summary>All that was said under a code.</summary>
public sealed record SegmentDefinition : IAggregate<SegmentDefinition, ISegmentEvent>
{
    public static SegmentDefinition Initial { get; } = new();

    public static Stream<SegmentDefinition, ISegmentEvent> Of(string code) => new(NameId.For("segment", code));

    public SegmentDraft? Draft { get; private init; }
    public SegmentStatus Status { get; private init; }
    public ImmutableArray<SegmentPublished> Versions { get; private init; } = [];

    public SegmentDefinition Evolve(ISegmentEvent @event) =>
        @event switch
        {
            SegmentDrafted e => this with { Draft = e.Draft },
            SegmentPublished e => this with { Versions = Versions.Add(e), Status = SegmentStatus.Published },
            SegmentPaused => this with { Status = SegmentStatus.Paused },
            SegmentResumed => this with { Status = SegmentStatus.Published },
            SegmentWithdrawn => this with { Status = SegmentStatus.Withdrawn },
            _ => this,
        };

    public ISegmentEvent[] Write(string code, SegmentDraft draft, Business business, DateTimeOffset now)
    {
        Alive(code);
        if (draft.Rule is not null)
            Rule.Of(draft.Rule, business);
        return Same(draft, Draft) ? [] : [new SegmentDrafted(code, draft, now)];
    }

    /// <exception cref="RuleViolationException"><c>segment-withdrawn</c>, <c>segment-paused</c>, or what the book refuses.</exception>
    public ISegmentEvent[] Publish(string code, SegmentBook book, DateTimeOffset now)
    {
        Alive(code);
        if (Status == SegmentStatus.Paused)
            throw new RuleViolationException("segment-paused", "The segment is paused. Resume it, then publish.");
        if (Versions is [.., var latest] && Same(latest.Draft, Draft))
            return [];
        book.Check(code, Draft!);
        return [new SegmentPublished(code, Versions.Length + 1, Draft!, now)];
    }

    public ISegmentEvent[] Pause(string code, DateTimeOffset now) =>
        Live(code) == SegmentStatus.Paused ? [] : [new SegmentPaused(code, now)];

    public ISegmentEvent[] Resume(string code, DateTimeOffset now) =>
        Live(code) == SegmentStatus.Published ? [] : [new SegmentResumed(code, now)];

    public ISegmentEvent[] Withdraw(string code, SegmentBook book, DateTimeOffset now)
    {
        if (Status == SegmentStatus.Withdrawn)
            return [];
        Live(code);
        book.CheckNobodyNeeds(code);
        return [new SegmentWithdrawn(code, now)];
    }

    public SegmentDefinition Existing(string code) => Draft is not null ? this : throw new NotFoundException("segment", code);

    void Alive(string code)
    {
        if (Status == SegmentStatus.Withdrawn)
            throw new RuleViolationException("segment-withdrawn", $"The segment '{code}' was withdrawn. Use another code.", "code");
    }

    SegmentStatus Live(string code)
    {
        Existing(code).Alive(code);
        return Status != SegmentStatus.Draft
            ? Status
            : throw new RuleViolationException("segment-not-published", "The segment was not published yet.", "code");
    }

    // Lists within a rule are not equal to their copies; what is stored of them is.
    static bool Same(SegmentDraft? one, SegmentDraft? other) => Json(one) == Json(other);

    static string Json(SegmentDraft? draft) => JsonSerializer.Serialize(draft, EventStoreOptions.Json);
}
