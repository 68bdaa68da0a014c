using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Grading;

namespace CrmPlatform.Segmentation.Tests.Rules;

/// <summary>What the room says of a customer by chance: grades of a scheme, risk bands, episodes of churn.</summary>
sealed class SaidWorld(Random random)
{
    public static string[] Grades { get; } = ["S", "A", "B"];
    public static string[] Bands { get; } = ["ok", "watch", "risk", "critical"];
    public static string[] Bases { get; } = ["silence", "cancelled", "p-alive"];

    readonly List<(Guid Id, bool Open)> episodes = [];

    public object Next(DateTimeOffset at)
    {
        switch (random.Next(8))
        {
            case 0 or 1:
                return new GradeChanged(Guid.Empty, "value", null, Grades[random.Next(3)], Guid.Empty, "run", at);
            case 2:
                return new GradeVoided(Guid.Empty, "value", "no-net-orders", at);
            case 3:
                return new GradeChanged(Guid.Empty, "another", null, "S", Guid.Empty, "run", at);
            case 4 or 5:
                return new RiskBandChanged(Guid.Empty, RiskBand.Ok, (RiskBand)random.Next(4), Guid.Empty, "time", at);
            case 6 when episodes.Count > 0:
                var i = random.Next(episodes.Count);
                var (id, open) = episodes[i];
                episodes[i] = (id, !open);
                return !open ? new EpisodeReopened(Guid.Empty, id, "silence", at)
                    : random.Next(2) == 0 ? new EpisodeClosed(Guid.Empty, id, Guid.Empty, null, at)
                    : new ChurnRevoked(Guid.Empty, id, "earlier-purchase", at);
            default:
                episodes.Add((RuleWorld.Id(random), true));
                return new ChurnDeclared(Guid.Empty, episodes[^1].Id, Guid.Empty, Bases[random.Next(3)], at, null, at);
        }
    }

    public static string[] Some(Random random, string[] of) => [.. of.Skip(random.Next(of.Length)).Take(random.Next(1, 3))];
}
