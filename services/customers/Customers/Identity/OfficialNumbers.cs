using System.Globalization;

namespace CrmPlatform.Customers.Identity;

/// <summary>Identity numbers of persons (GB 11643) and companies (GB 32100), which end with a check character.</summary>
public static class OfficialNumbers
{
    const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>
    /// 18 characters whose last is right: of a person 17 digits and the check character of ISO 7064 MOD 11-2, of a company 17 characters
    /// and that of MOD 31 with the weights 3^i.
    /// </summary>
    public static bool IsValid(string number, bool company) => number.Length == 18 && (company ? IsCompany(number) : IsPerson(number));

    /// <summary>What the valid number of a person says: eight digits of the birth date, and a gender by the last but one.</summary>
    public static (DateOnly? BirthDate, string Gender) Said(string number) =>
        (
            DateOnly.TryParseExact(number[6..14], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            (number[16] - '0') % 2 == 1 ? "male" : "female"
        );

    static bool IsPerson(string number)
    {
        if (!number[..17].All(char.IsAsciiDigit))
            return false;
        var sum = 0;
        for (var i = 0; i < 17; i++)
            sum += (number[i] - '0') * ((1 << (17 - i)) % 11);
        return char.ToUpperInvariant(number[17]) == "10X98765432"[sum % 11];
    }

    static bool IsCompany(string number)
    {
        var (sum, weight) = (0, 1);
        for (var i = 0; i < 17; i++)
        {
            var value = Alphabet.IndexOf(number[i], StringComparison.Ordinal);
            if (value < 0)
                return false;
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        return Alphabet.IndexOf(number[17], StringComparison.Ordinal) == (31 - sum % 31) % 31;
    }
}
