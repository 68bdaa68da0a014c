using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Limits and rounding of amounts, said once: what is accepted passes every sum, view and reader. The largest purchase in the base currency
/// is 1,000,000,000,000; a thousand of them are less than a 64-bit number of thousandths.
/// </summary>
public static class Money
{
    /// <summary>The largest amount of a line, of a purchase, and of a purchase in the base currency; and the lowest, negated.</summary>
    public const decimal Most = 1_000_000_000_000;

    internal const string MostText = "1000000000000";

    /// <summary>Digits after the point by ISO 4217: 2 for most currencies.</summary>
    public static int Digits(string currency) =>
        currency switch
        {
            "BIF"
            or "CLP"
            or "DJF"
            or "GNF"
            or "ISK"
            or "JPY"
            or "KMF"
            or "KRW"
            or "PYG"
            or "RWF"
            or "UGX"
            or "UYI"
            or "VND"
            or "VUV"
            or "XAF"
            or "XOF"
            or "XPF" => 0,
            "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
            _ => 2,
        };

    /// <summary>To the currency's smallest unit; a half goes to the even neighbour.</summary>
    public static decimal Round(decimal amount, string currency) => decimal.Round(amount, Digits(currency), MidpointRounding.ToEven);

    /// <exception cref="BadRequestException">The amount has more decimals than its currency.</exception>
    public static void Exact(decimal? amount, string currency, string field)
    {
        if (amount is { } given && Round(given, currency) != given)
            throw new BadRequestException(
                field,
                string.Create(CultureInfo.InvariantCulture, $"an amount with at most {Digits(currency)} decimals, as {currency} has")
            );
    }
}

/// <summary>An amount of money: not beyond <see cref="Money.Most"/> in either direction.</summary>
public sealed class MoneyAttribute() : RangeAttribute(typeof(decimal), "-" + Money.MostText, Money.MostText);

/// <summary>An amount of money that is not negative.</summary>
public sealed class PositiveMoneyAttribute() : RangeAttribute(typeof(decimal), "0", Money.MostText);

/// <summary>A number of pieces, or a weight or volume: 0 to 1,000,000,000.</summary>
public sealed class QuantityAttribute() : RangeAttribute(typeof(decimal), "0", "1000000000");
