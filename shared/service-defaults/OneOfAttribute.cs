using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.ServiceDefaults;

/// <summary>One of a few words. A property that may be left out has null among them.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class OneOfAttribute(params object?[] values) : AllowedValuesAttribute(values)
{
    public override string FormatErrorMessage(string name) =>
        $"{name} must be one of {string.Join(", ", Values.Where(v => v is not null))}.";
}
