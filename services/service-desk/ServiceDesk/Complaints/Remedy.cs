namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>What a customer may be given.</summary>
public static class Remedy
{
    public const string Points = "points";

    /// <summary>The currency of an amount of this kind; null of points, and of what has no amount.</summary>
    /// <exception cref="RuleViolationException">
    /// An amount is missing, is given where there is none, or is not whole points or money.
    /// </exception>
    public static string? Currency(string kind, decimal? amount, DeskRules rules)
    {
        var money = kind is "refund" or "voucher";
        if (amount is null != !(money || kind == Points))
            throw Refused(amount is null ? $"A {kind} needs an amount." : "Only a refund, a voucher and points have an amount.");
        if (kind == Points && amount != decimal.Truncate(amount!.Value))
            throw Refused("Points are a whole number.");
        if (money && amount != Money.Round(amount!.Value, rules.Currency))
            throw Refused($"An amount in {rules.Currency} has fewer decimals.");
        return money ? rules.Currency : null;
    }

    static RuleViolationException Refused(string message) => throw new RuleViolationException("remedy-amount", message, "amount");
}
