using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Tests.Rules;

/// <summary>The events of a customer and of each who is one with them, each in the order of their instants.</summary>
/// <param name="Member">Whether the customer was in a segment as of an instant.</param>
sealed record PlainFacts(
    IReadOnlyList<object> Own,
    IReadOnlyList<IReadOnlyList<object>> Others,
    Func<string, DateTimeOffset, bool>? Member = null
)
{
    public IReadOnlyList<object> All { get; } = [.. Own, .. Others.SelectMany(o => o)];

    public static DateTimeOffset At(object e) =>
        e switch
        {
            PurchaseCounted p => p.PurchasedAt,
            ReturnCounted r => r.ReturnedAt,
            PurchaseUncounted u => u.RetractedAt,
            _ => (DateTimeOffset)e.GetType().GetProperty("OccurredAt")!.GetValue(e)!,
        };
}
