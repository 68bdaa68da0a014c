using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace CrmPlatform.ServiceDefaults;

/// <summary>A code: lower-case letters, digits and hyphens. Codes may be published to other rooms; free text is never published.</summary>
/// <param name="length">The maximum length in characters.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CodeAttribute(int length = 60)
    : RegularExpressionAttribute(string.Create(CultureInfo.InvariantCulture, $"^[a-z0-9][a-z0-9-]{{0,{length - 1}}}$"))
{
    public int Length => length;

    // Left out is null: the expression is not asked about an empty text.
    public override bool IsValid(object? value) => value is not "" && base.IsValid(value);

    public override string FormatErrorMessage(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} is a code of lower-case letters, digits and hyphens, at most {length}.");
}
