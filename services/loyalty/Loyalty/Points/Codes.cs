using System.Text.RegularExpressions;

namespace CrmPlatform.Loyalty.Points;

/// <summary>Words that the business chooses: never free text, so that no name or number of a person hides in a ledger.</summary>
public static partial class Codes
{
    public static bool IsCode(string text) => Code().IsMatch(text);

    // \z and not $, which a line feed may follow.
    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Code();
}
