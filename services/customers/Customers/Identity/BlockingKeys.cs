using System.Buffers.Binary;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>A text that customers who may be one have in common, and what it is.</summary>
/// <param name="Kind">Short name, which distinguishes equal texts of different kinds.</param>
public readonly record struct BlockingKey(string Kind, string Text)
{
    /// <summary>The first eight bytes of the text's HMAC: all that is stored.</summary>
    public long Hash(PersonalIndex index) => BinaryPrimitives.ReadInt64BigEndian(index.Of($"match-{MatchText.Version}-{Kind}", Text));
}

/// <summary>
/// Which customers are compared at all: those who share a key (rooms/customers.md, 1.3). A part that is missing gives no key.
/// </summary>
public static class BlockingKeys
{
    /// <summary>The whole name: how common names are is counted by it; nobody is found by it.</summary>
    public const string NameKind = "name";

    public static IEnumerable<BlockingKey> Of(MatchProfile profile)
    {
        foreach (var identifier in profile.Identifiers)
            yield return Of(identifier);
        foreach (var phone in profile.Of(IdentifierKind.Mobile).Concat(profile.Of(IdentifierKind.Line)))
            yield return new("last8", phone.Value[Math.Max(0, phone.Value.Length - 8)..]);
        if (profile.Name is not { } name)
            yield break;
        var districts = profile.Addresses.Select(a => a.District).OfType<string>().Distinct().ToArray();
        foreach (var district in districts)
            yield return new(profile.Kind == CustomerKind.Enterprise ? "company-district" : "name-district", $"{name.Full}|{district}");
        if (profile.Kind == CustomerKind.Enterprise)
            yield break;
        if (profile.BirthDate is { } birth)
        {
            foreach (var surname in name.SurnameReadings)
                yield return new("birth-surname", $"{birth}|{surname}");
            foreach (var reading in name.Readings)
                yield return new("name-year", $"{reading}|{birth[..4]}");
        }
        foreach (var street in profile.Addresses.Where(a => a.Street is not null).Select(a => $"{a.Street}|{a.House}").Distinct())
        foreach (var surname in name.SurnameReadings)
            yield return new("street-surname", $"{street}|{surname}");
    }

    /// <summary>The key of an identifier; of an e-mail address without what stands behind a plus.</summary>
    public static BlockingKey Of(Identifier identifier) =>
        new(
            identifier.Kind switch
            {
                IdentifierKind.IdNumber => "id-number",
                IdentifierKind.Wechat => "wechat",
                IdentifierKind.Email => "email",
                IdentifierKind.Mobile => "mobile",
                _ => "line",
            },
            identifier.Kind == IdentifierKind.Email ? WithoutPlus(identifier.Value) : identifier.Value
        );

    /// <summary>The key by which a name is counted.</summary>
    public static BlockingKey Counted(MatchName name) => new(NameKind, name.Full);

    /// <summary><c>ann+shop@gmail.com</c> as <c>ann@gmail.com</c>.</summary>
    public static string WithoutPlus(string email)
    {
        var (plus, at) = (email.IndexOf('+', StringComparison.Ordinal), email.LastIndexOf('@'));
        return plus > 0 && plus < at ? email[..plus] + email[at..] : email;
    }
}
