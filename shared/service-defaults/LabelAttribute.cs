using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// A word of somebody's catalogue that may be published, in any script: the name of a category, a brand, a system. It holds no @ and at
/// most eight digits, so neither an e-mail address nor a phone or identity number, and no control or invisible characters.
/// </summary>
/// <param name="length">The maximum length in characters.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class LabelAttribute(int length)
    : RegularExpressionAttribute(
        @"^(?=.*[\p{L}\p{N}])(?!.*[@＠])(?!(?:\P{Nd}*\p{Nd}){9})[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]{1,"
            + length.ToString(CultureInfo.InvariantCulture)
            + "}$"
    )
{
    public int Length => length;

    // Left out is null: the expression is not asked about an empty text.
    public override bool IsValid(object? value) => value is not "" && base.IsValid(value);

    public override string FormatErrorMessage(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} is at most {length} visible characters, with no @ and at most 8 digits.");
}
