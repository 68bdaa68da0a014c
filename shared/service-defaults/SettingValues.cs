using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// A setting is missing or wrong. The message names it and what was expected; it never quotes the value, which may be a secret.
/// </summary>
public sealed class SettingException(string name, string expected) : Exception($"{name} must be {expected}")
{
    /// <summary>The configuration itself could not read a value, of which its message names the setting.</summary>
    public static bool IsUnreadable(Exception e) =>
        e is InvalidOperationException && e.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal);
}

/// <summary>Single settings, read when a service starts.</summary>
public static class SettingValues
{
    internal const string KeyExpected = "32 bytes in base64 (openssl rand -base64 32)";

    /// <exception cref="SettingException">It is not an absolute address with one of the schemes; or it is required and missing.</exception>
    public static Uri? Address(this IConfiguration configuration, string name, string example, bool required, params string[] schemes) =>
        configuration[name] is not { Length: > 0 } text && !required ? null
        : Uri.TryCreate(configuration[name], UriKind.Absolute, out var address) && schemes.Contains(address.Scheme) ? address
        : throw new SettingException(name, $"an address like {example}");

    /// <exception cref="SettingException">It is not a whole number, or less than the least.</exception>
    public static long Whole(this IConfiguration configuration, string name, long otherwise, long least) =>
        configuration[name] is not { Length: > 0 } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least ? value
        : throw new SettingException(name, string.Create(CultureInfo.InvariantCulture, $"a whole number, {least} or more"));

    /// <exception cref="SettingException">It is not a number from 0 to 1.</exception>
    public static double Share(this IConfiguration configuration, string name, double otherwise) =>
        configuration[name] is not { Length: > 0 } text ? otherwise
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= 1 ? value
        : throw new SettingException(name, "a number from 0 to 1, like 0.1");

    /// <exception cref="SettingException">It is not one of the words.</exception>
    public static string Word(this IConfiguration configuration, string name, params string[] words) =>
        configuration[name] is not { Length: > 0 } text ? words[0]
        : words.Contains(text) ? text
        : throw new SettingException(name, $"one of {string.Join(", ", words)}");

    /// <summary>A key of 32 bytes; null if it is not set.</summary>
    /// <exception cref="SettingException">It is not 32 bytes in base64.</exception>
    public static byte[]? Key(this IConfiguration configuration, string name)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return null;
        var key = new byte[32];
        return Convert.TryFromBase64String(text, key, out var length) && length == key.Length
            ? key
            : throw new SettingException(name, KeyExpected);
    }
}
