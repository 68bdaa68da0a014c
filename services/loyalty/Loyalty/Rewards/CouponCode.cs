using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>17 random characters and one to check them: 84 bits, in three groups: <c>K7QWP3-ZD9XRA-42VHMT</c>.</summary>
public static class CouponCode
{
    const int Length = 18,
        Group = 6;

    public static string New() => CheckedCode.New(Length, Group);

    /// <summary>The code as it was issued, however it was typed; null where it cannot be one.</summary>
    public static string? Read(string typed) => CheckedCode.Read(typed, Length, Group);
}
