namespace CrmPlatform.Customers.Tags;

/// <summary>Which tags were joined into which, and when.</summary>
public sealed record TagJoins(IReadOnlyDictionary<string, TagJoins.Join> Of)
{
    public sealed record Join(string Code, string Into, DateTimeOffset At);

    public static TagJoins None { get; } = new(new Dictionary<string, Join>());

    /// <summary>What a code stood for at an instant.</summary>
    public string CodeAt(string code, DateTimeOffset at)
    {
        while (Of.TryGetValue(code, out var join) && join.At <= at)
            code = join.Into;
        return code;
    }
}
