namespace CrmPlatform.Crm;

/// <summary>A program that may ask the gateway for tokens. This is the one list for local use; docker-compose and Kubernetes name the same clients.</summary>
public sealed record Client(string Id, IReadOnlyList<string> Permissions)
{
    /// <summary>Everything that endpoints of the platform ask for; a test compares it with the sources.</summary>
    public static readonly IReadOnlyList<string> Reading =
    [
        "customers.read", "segmentation.read", "service-desk.read", "loyalty.read",
    ];

    public static readonly IReadOnlyList<string> Writing =
    [
        "customers.write", "customers.purchases.write", "customers.behaviour.write", "customers.import",
        "segmentation.run", "service-desk.write", "loyalty.points.redeem",
        "loyalty.points.adjust", "loyalty.points.approve", "loyalty.points.unlock", "loyalty.actions.write", "loyalty.rules.publish", "loyalty.rules.preview", "loyalty.rewards.manage", "loyalty.rewards.reserve", "loyalty.tiers.write", "loyalty.activities.manage", "loyalty.activities.join", "loyalty.referrals.write", "loyalty.households.write", "loyalty.points.transfer", "loyalty.import", "loyalty.export",
    ];

    /// <summary>What a person may ask of us by law: everything that is held about them, and to be forgotten.</summary>
    public static readonly IReadOnlyList<string> PersonalRights = ["personal.export", "customers.forget"];

    public static readonly IReadOnlyList<string> Operating = ["ops.read", "ops.rebuild", "ops.skip", "ops.stream", "ops.dead-letters"];

    public static readonly Client Demo = new("demo", [.. Reading, .. Writing, .. PersonalRights, .. Operating]);
    public static readonly Client Analyst = new("analyst", Reading);
    public static readonly Client Ops = new("ops", [.. Reading, .. PersonalRights, .. Operating]);
    public static readonly IReadOnlyList<Client> All = [Demo, Analyst, Ops];

    public static Client Named(string id) => All.FirstOrDefault(client => client.Id == id)
        ?? throw new CrmException($"{id} is none of {string.Join(", ", All.Select(client => client.Id))}");
}
