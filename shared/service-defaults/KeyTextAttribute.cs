using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Text that identifies something, as <see cref="Keys"/> compares it: 1 to so many characters, none of them a control or invisible
/// character, and not only white space.
/// </summary>
public sealed class KeyTextAttribute : StringLengthAttribute
{
    public KeyTextAttribute(int longest)
        : base(longest)
    {
        MinimumLength = 1;
        ErrorMessage = $"{{0}} must be 1 to {longest} characters, without control or invisible characters";
    }

    public override bool IsValid(object? value) => value is null || (base.IsValid(value) && value is string text && IsKey(text));

    static bool IsKey(string text) =>
        Keys.Normal(text).Length > 0
        && !Keys.Normal(text).Any(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format);
}
