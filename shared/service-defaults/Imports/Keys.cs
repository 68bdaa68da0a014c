using System.Text;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Texts that identify something (order numbers, external ids, references, tags) are compared without white space around them and in
/// Unicode's composed form (NFC), so that one thing has one key however it is typed.
/// </summary>
public static class Keys
{
    public static string Normal(string text) => text.Trim() is var trimmed && trimmed.IsNormalized() ? trimmed : trimmed.Normalize();
}
