using System.Text;

namespace CrmPlatform.Customers.Profiles;

/// <summary>Names are stored as they are written and found however they are typed.</summary>
public static class Names
{
    /// <summary>
    /// Compatible forms as one (NFKC: full-width letters, ligatures, composed accents), in lower case without regard to a language; the
    /// Turkish İ as i; white space as one space, and none around.
    /// </summary>
    public static string Folded(string name) =>
        string.Join(
            ' ',
            name.Normalize(NormalizationForm.FormKC)
                .Replace('İ', 'i')
                .ToLowerInvariant()
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );
}
