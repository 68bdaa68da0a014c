namespace CrmPlatform.Segmentation.Rules;

/// <summary>What is asked of a thing must be something that it has: else it would never be found, and nobody would know why.</summary>
static class ThingCheck
{
    public static void Of(Thing thing, string field)
    {
        (string Name, bool Given, string[] Has)[] members =
        [
            ("category", thing.Category is not null, ["page-view", "ticket", "purchase"]),
            ("kind", thing.Kind is not null, ["ticket"]),
            ("topic", thing.Topic is not null, ["interaction"]),
            ("direction", thing.Direction is not null, ["interaction"]),
            ("minScore", thing.MinScore is not null, ["survey"]),
            ("maxScore", thing.MaxScore is not null, ["survey"]),
        ];
        if (thing.MinScore > thing.MaxScore)
            throw RuleCompiler.Wrong("minScore and maxScore in this order", field);
        foreach (var (name, given, has) in members)
            if (given && !has.Contains(thing.What))
                throw RuleCompiler.Wrong($"it with {string.Join(" or ", has)} only", $"{field}.{name}");
    }
}
