using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Referrals;

/// <summary>
/// A member's code for those whom they bring: 9 random characters and one to check them, 44 bits, in two groups: <c>K7QWP-3ZD9X</c>.
/// </summary>
public static class ReferralCode
{
    const int Length = 10,
        Group = 5;

    public static string New() => CheckedCode.New(Length, Group);

    /// <summary>The code as it was issued, however it was typed; null where it cannot be one.</summary>
    public static string? Read(string typed) => CheckedCode.Read(typed, Length, Group);
}
