namespace CrmPlatform.Customers.Profiles;

/// <summary>The name of a province or city in any script, or an ISO 3166-2 code like CN-GD: no digits, no @.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PlaceAttribute()
    : RegularExpressionAttribute(@"^(?:[\p{L}\p{M}][\p{L}\p{M}\p{Zs}'’.·,()\-]{0,59}|[A-Z]{2}-[A-Z0-9]{1,3})$")
{
    public override string FormatErrorMessage(string name) =>
        $"{name} is the name of a place, of at most 60 letters, spaces and marks like - ' ., or a code like CN-GD.";
}

/// <summary>A band of ages like 45-54 or 65+.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AgeBandAttribute() : RegularExpressionAttribute("^[0-9]{1,3}(-[0-9]{1,3}|\\+)$")
{
    public override string FormatErrorMessage(string name) => $"{name} is a band of ages like 45-54 or 65+.";
}

/// <summary>
/// A band of amounts in the words of whoever uses it, like 50-74K, Under 15K, 100,000-150,000 or low: at most two numbers of at most six
/// digits (nine with separators of thousands), so no phone number.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AmountBandAttribute()
    : RegularExpressionAttribute(
        @"^(?=.{1,30}$)(?=.*[\p{L}\p{Nd}])[\p{L}\p{M}\p{Zs}<>≤≥+\-–~$€£¥￥.,()/]*"
            + @"(?:(?:\p{Nd}{1,3}(?:[.,]\p{Nd}{3}){1,2}|\p{Nd}{1,6})(?!\p{Nd})[\p{L}\p{M}\p{Zs}<>≤≥+\-–~$€£¥￥.,()/]*){0,2}$"
    )
{
    public override string FormatErrorMessage(string name) => $"{name} is a band like 50-74K or a word like low, of at most 30 characters.";
}

/// <summary>The version of a notice, like 2026-01 or v2.1: at most eight digits.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NoticeVersionAttribute() : RegularExpressionAttribute("^(?!(?:[^0-9]*[0-9]){9})[A-Za-z0-9][A-Za-z0-9._-]{0,29}$")
{
    public override string FormatErrorMessage(string name) =>
        $"{name} is at most 30 letters, digits, dots, hyphens and underscores, with at most 8 digits.";
}
