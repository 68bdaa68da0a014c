using System.Globalization;
using System.Net.Mail;
using PhoneNumbers;

namespace CrmPlatform.Customers.Profiles;

/// <summary>One spelling per contact, so that it is found however it is typed.</summary>
public static class ContactKeys
{
    const int LongestPhone = 40;
    static readonly string[] kinds = ["phone", "email", "wechat", "idNumber"];
    static readonly PhoneNumberUtil phones = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// The contact as it is stored: by its key; a phone that is no valid number is kept as it was typed and not found by it.
    /// </summary>
    /// <param name="region">The business's region, in which a phone without country code is.</param>
    /// <param name="field">The field of the request that has its value.</param>
    /// <exception cref="RuleViolationException"><c>invalid-contact</c>: it cannot be of its kind.</exception>
    public static Contact Stored(Contact contact, string region, string field = "contacts") =>
        contact with
        {
            // The message never repeats the value: it may be somebody's.
            Value =
                Key(contact, region, field)
                ?? (contact.Kind == "phone" ? Typed(contact.Value.Trim()) : null)
                ?? throw new RuleViolationException("invalid-contact", $"This {contact.Kind} cannot be one.", field),
        };

    /// <summary>The spelling by which a contact is found; null if it is no valid one of its kind.</summary>
    /// <param name="region">The business's region, in which a phone without country code is.</param>
    /// <param name="field">The field of the request that has its value.</param>
    /// <exception cref="RuleViolationException"><c>invalid-contact</c>: there is no such kind.</exception>
    public static string? Key(Contact contact, string region, string field = "contacts")
    {
        var value = contact.Value.Trim();
        return contact.Kind switch
        {
            "phone" => Phone(value, region),
            "email" => Email(value),
            "wechat" or "idNumber" => value is { Length: > 0 and <= 64 } ? value : null,
            _ => throw new RuleViolationException("invalid-contact", $"A contact is one of {string.Join(", ", kinds)}.", field),
        };
    }

    /// <summary>
    /// In lower case, with the domain in its ASCII form. An address with a name, a scheme or invisible characters is none.
    /// </summary>
    static string? Email(string text)
    {
        if (
            text.Length > 254
            || text.Any(c => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format)
            || text.Contains(':', StringComparison.Ordinal)
            || !MailAddress.TryCreate(text, out var address)
            || address.Address != text
        )
            return null;
        try
        {
            return $"{address.User}@{new IdnMapping().GetAscii(address.Host)}".ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null; // no name of a host
        }
    }

    /// <summary>A valid number in E.164, with its extension as in RFC 3966: <c>+861012345678;ext=5</c>.</summary>
    static string? Phone(string text, string region)
    {
        if (text.Length > LongestPhone)
            return null;
        try
        {
            var number = phones.Parse(text, region);
            return !phones.IsValidNumber(number)
                ? null
                : phones.Format(number, PhoneNumberFormat.E164) + (number.HasExtension ? $";ext={number.Extension}" : "");
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>Something with a digit in it, which may be a number that is not known yet or lacks its area code.</summary>
    static string? Typed(string text) => text.Length <= LongestPhone && text.Any(char.IsDigit) && !text.Any(char.IsControl) ? text : null;
}
