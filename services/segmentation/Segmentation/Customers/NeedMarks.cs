using System.Collections.Immutable;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>Somebody said something of a need. What is said last holds.</summary>
public interface INeedSaid : ICustomerEvent
{
    string Code { get; }
    DateTimeOffset OccurredAt { get; }
}

public sealed record ConsentNoted(string Purpose, string Channel, bool Granted, DateTimeOffset OccurredAt) : ICustomerEvent;

/// <summary>The customer has the need, as they or an agent say.</summary>
/// <param name="By"><c>customer</c> or <c>agent</c>.</param>
/// <param name="Source">Where it was said, as a code.</param>
public sealed record NeedDeclared(string Code, string By, string Source, DateTimeOffset OccurredAt) : INeedSaid;

/// <summary>The customer does not have the need: it is not inferred any more.</summary>
/// <param name="Reason">A code.</param>
public sealed record NeedContested(string Code, string? Reason, DateTimeOffset OccurredAt) : INeedSaid;

/// <summary>What was said of the need before is taken back.</summary>
public sealed record NeedReopened(string Code, DateTimeOffset OccurredAt) : INeedSaid;

/// <summary>What a customer said of their needs, and whether they refuse to be profiled.</summary>
/// <param name="Said">The last that was said of each need.</param>
/// <param name="Refused">Consents to being profiled that were refused or withdrawn, as purpose/channel.</param>
public sealed record NeedMarks(ImmutableSortedDictionary<string, INeedSaid> Said, ImmutableSortedSet<string> Refused)
{
    public static NeedMarks None { get; } =
        new(
            ImmutableSortedDictionary.Create<string, INeedSaid>(StringComparer.Ordinal),
            ImmutableSortedSet.Create<string>(StringComparer.Ordinal)
        );

    /// <summary>Whoever withdraws the consent to one of these is not profiled any more, whatever the channel.</summary>
    public static bool IsProfiling(string purpose) => purpose is "personalisation" or "profiling";

    public NeedMarks With(INeedSaid said) => this with { Said = Said.SetItem(said.Code, said) };

    public NeedMarks With(ConsentNoted consent)
    {
        var key = $"{consent.Purpose}/{consent.Channel}";
        return this with { Refused = consent.Granted ? Refused.Remove(key) : Refused.Add(key) };
    }

    /// <summary>Of customers who are one, what was said last holds, and what one of them refused is refused.</summary>
    public NeedMarks And(NeedMarks other)
    {
        var said = Said;
        foreach (var (code, one) in other.Said)
            if (!said.TryGetValue(code, out var mine) || Weight(one).CompareTo(Weight(mine)) > 0)
                said = said.SetItem(code, one);
        return new(said, Refused.Union(other.Refused));
    }

    /// <summary>Of what was said at one instant, that it is contested.</summary>
    static (DateTimeOffset, int) Weight(INeedSaid said) =>
        (
            said.OccurredAt,
            said switch
            {
                NeedContested => 2,
                NeedDeclared => 1,
                _ => 0,
            }
        );
}

public sealed partial record CustomerValue
{
    public NeedMarks Needs { get; private init; } = NeedMarks.None;

    CustomerValue EvolveNeeds(ICustomerEvent @event) =>
        @event switch
        {
            INeedSaid e => this with { Needs = Needs.With(e) },
            ConsentNoted e when NeedMarks.IsProfiling(e.Purpose) => this with { Needs = Needs.With(e) },
            _ => this,
        };
}
