using System.Collections.Immutable;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Programme;

/// <summary>What can happen to the programme. Versions of the settings are not facts; those that were published are.</summary>
public interface IProgrammeEvent;

/// <param name="By">The subject of the token that published it.</param>
public sealed record RulesPublished(RuleSet Rules, string By, DateTimeOffset OccurredAt) : IProgrammeEvent;

/// <summary>A version was taken back before it took effect.</summary>
public sealed record RulesWithdrawn(int Version, string By, DateTimeOffset OccurredAt) : IProgrammeEvent;

public sealed record SchemePublished(TierScheme Scheme, string By, DateTimeOffset OccurredAt) : IProgrammeEvent;

/// <summary>A version was taken back before it took effect.</summary>
public sealed record SchemeWithdrawn(int Version, string By, DateTimeOffset OccurredAt) : IProgrammeEvent;

/// <summary>The published versions of the earning rules and of the tiers. There is one programme.</summary>
public sealed record LoyaltyProgramme : IAggregate<LoyaltyProgramme, IProgrammeEvent>
{
    public static LoyaltyProgramme Initial { get; } = new();

    public static Stream<LoyaltyProgramme, IProgrammeEvent> Of { get; } = new(NameId.For("loyalty-programme", "rules"));

    public ImmutableList<RuleSet> Published { get; init; } = [];

    /// <summary>The highest number that was ever given: a withdrawn version's is not given again.</summary>
    public int LastVersion { get; init; }

    public ImmutableList<TierScheme> Schemes { get; init; } = [];
    public int LastScheme { get; init; }

    public Versions<RuleSet> VersionsOf(LoyaltyRules rules) => new([.. rules.Rules], Published, LastVersion);

    public Versions<TierScheme> SchemesOf(LoyaltyRules rules) => new([.. rules.Schemes], Schemes, LastScheme);

    public LoyaltyProgramme Evolve(IProgrammeEvent @event) =>
        @event switch
        {
            RulesPublished e => this with { Published = Published.Add(e.Rules), LastVersion = e.Rules.Version },
            RulesWithdrawn e => this with { Published = Published.RemoveAll(r => r.Version == e.Version) },
            SchemePublished e => this with { Schemes = Schemes.Add(e.Scheme), LastScheme = e.Scheme.Version },
            SchemeWithdrawn e => this with { Schemes = Schemes.RemoveAll(s => s.Version == e.Version) },
            _ => this,
        };
}

/// <summary>Keeps the published versions in memory, whichever replica published them: at start, and from then on every second.</summary>
public sealed class FollowProgramme(EventStore store, LoyaltyRules rules) : IPeriodic
{
    public string Name => "follow-programme";
    public TimeSpan Every => TimeSpan.FromSeconds(1);
    public FirstRun First => FirstRun.BeforeRequests;

    public async Task Run(CancellationToken ct)
    {
        var programme = (await store.Read(LoyaltyProgramme.Of, ct)).State;
        (rules.Published, rules.PublishedSchemes) = (programme.Published, programme.Schemes);
    }
}
