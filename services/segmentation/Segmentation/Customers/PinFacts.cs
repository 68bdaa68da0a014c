using System.Collections.Immutable;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>A person decided that a customer is in a rule segment, or out of it, whatever its rule says.</summary>
/// <param name="In">In or out.</param>
/// <param name="Until">The rule decides again from here on; null: until somebody ends it.</param>
public sealed record MemberPinned(string Code, bool In, string Reason, DateTimeOffset? Until, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record MemberUnpinned(string Code, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed partial record CustomerValue
{
    /// <summary>The last pin by the code of its segment, ended ones too, unless a person has taken it away.</summary>
    public ImmutableDictionary<string, MemberPinned> Pins { get; private init; } = ImmutableDictionary<string, MemberPinned>.Empty;

    public MemberPinned? PinAt(string code, DateTimeOffset at) => Pins.TryGetValue(code, out var pin) && !(pin.Until <= at) ? pin : null;
}
