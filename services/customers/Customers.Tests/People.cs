using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Tests;

/// <summary>Profiles for tests of matching.</summary>
static class People
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public static MatchProfile Person(
        string? name = null,
        string? birth = null,
        string? district = null,
        params Identifier[] identifiers
    ) =>
        new(
            CustomerKind.Individual,
            MatchName.OfPerson(name),
            birth,
            null,
            district is null ? [] : [new(district, null, null, null)],
            identifiers
        );

    /// <param name="verifiedDaysAgo">Null for one that never was.</param>
    public static Identifier Mobile(int? verifiedDaysAgo = 1, string value = "+8613912345678") =>
        new(IdentifierKind.Mobile, value, verifiedDaysAgo is { } days ? Now.AddDays(-days) : null);

    public static Identifier Email(bool verified = true, string value = "wang@shop.cn") =>
        new(IdentifierKind.Email, value, verified ? Now.AddYears(-3) : null);

    public static Identifier IdNumber(string value = "11010519491231002X") => new(IdentifierKind.IdNumber, value);

    public static MatchContext Among(long customers, double share = 0) => new(customers, _ => share, _ => false, Now);

    public static MatchScore Score(MatchProfile one, MatchProfile other, MatchContext context) =>
        MatchScore.Of(one, other, MatchModel.M1, context);

    public static MatchVerdict Verdict(
        MatchProfile one,
        MatchProfile other,
        MatchContext context,
        MatchGroups? groups = null,
        IdentityOptions? options = null
    ) => MatchDecision.Of(one, other, Score(one, other, context), groups ?? new(), options ?? new(), context.Now);
}
