using System.Text.RegularExpressions;

namespace CrmPlatform.Customers.Identity;

/// <summary>Settings of identity resolution (section <c>Identity</c>).</summary>
public sealed class IdentityOptions
{
    static readonly string[] blocked =
    [
        "0+",
        "-+",
        "null",
        "none",
        "无",
        "test",
        "anonymous",
        @"(\+86)?13800138000",
        @"(\+86)?13900000000",
        @"a@a\.com",
        @".*@example\.com",
    ];

    Regex? pattern;

    /// <summary>From which probability on two customers with an equal verified identifier are linked without being asked.</summary>
    [Range(.5, 1)]
    public double Auto { get; set; } = .999;

    /// <summary>From which probability on somebody is asked whether two customers are one.</summary>
    [Range(.01, 1)]
    public double Review { get; set; } = .5;

    /// <summary>Nothing is linked without being asked.</summary>
    public bool AutoOff { get; set; }

    /// <summary>
    /// Identity numbers are compared. They are sensitive personal information (PIPL article 28): turn it on if checking identities is a
    /// purpose that these people were told of.
    /// </summary>
    public bool IdNumbers { get; set; }

    /// <summary>What a registration of somebody who may be known already does: <c>allow</c>, <c>alert</c> or <c>block</c>.</summary>
    public DuplicatePolicy Duplicates { get; set; } = DuplicatePolicy.Allow;

    /// <summary>Regular expressions, each of a whole value in lower case, that identifies nobody; they replace those of the program.
    /// </summary>
    public string[]? BlockedValues { get; set; }

    public bool IsBlocked(string value) => (pattern ??= Pattern(BlockedValues ?? blocked)).IsMatch(value.ToLowerInvariant());

    internal string? Fault()
    {
        if (Review > Auto)
            return $"Review is {Review}; expected is at most Auto, which is {Auto}";
        foreach (var text in BlockedValues ?? [])
            try
            {
                Pattern([text]);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                return $"BlockedValues has '{text}'; expected are regular expressions without look-around and back references";
            }
        return null;
    }

    // Linear in the length of the value, whatever the expressions are.
    static Regex Pattern(string[] texts) =>
        new($"^(?:{string.Join('|', texts.Select(t => $"(?:{t})"))})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
