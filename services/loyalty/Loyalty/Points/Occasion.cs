namespace CrmPlatform.Loyalty.Points;

/// <summary>One line of a purchase, its net in the base currency.</summary>
public sealed record Line(string ProductId, string? Category, decimal Net, string? Brand = null);

/// <summary>What is rewarded.</summary>
/// <param name="SourceId">The purchase, or the id of the action: each earns once.</param>
/// <param name="Net">In the base currency; 0 for what is not a purchase.</param>
public sealed record Occasion(
    string On,
    Guid SourceId,
    DateTimeOffset At,
    decimal Net = 0,
    IReadOnlyList<Line>? Lines = null,
    string? Channel = null
)
{
    public const string Purchase = "purchase",
        Survey = "survey",
        Referral = "referral",
        Referred = "referred",
        Attendance = "attendance",
        Care = "care",
        Compensation = "compensation";

    static readonly HashSet<string> reserved = [Purchase, Survey, Referral, Referred, Attendance, Care, Compensation];

    /// <summary>
    /// The platform tells these itself, within windows, caps and once each: told by a caller, they would be paid without any of that.
    /// </summary>
    public static bool IsReserved(string on) => reserved.Contains(on);
}

/// <summary>What a rule gives for an occasion.</summary>
/// <param name="Version">Of the tier scheme, where that gives it; null: of the rules.</param>
public sealed record Award(EarningRule Rule, long Points, long Qualifying, int? Version = null);
