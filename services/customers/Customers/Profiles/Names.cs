using System.Text;

namespace CrmPlatform.Customers.Profiles;

/// <summary>Names are stored as they are written and found however they are typed.</summary>
public static class Names
{
    /// <summary>
    /// Compatible forms as one (NFKC: full-width letters, ligatures, composed accents), in lower case without regard to a language; the
    /// Turkish İ as i.
    /// </summary>
    public static string Folded(string name) => name.Trim().Normalize(NormalizationForm.FormKC).Replace('İ', 'i').ToLowerInvariant();
}
