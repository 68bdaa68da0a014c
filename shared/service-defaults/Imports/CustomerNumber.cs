using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.ServiceDefaults;

/// <summary>A customer as a row of an import may name them: by an external id, the number in another system.</summary>
/// <param name="System">The system that gives the number: <c>web</c>.</param>
/// <param name="Value">The customer's number there.</param>
public sealed record CustomerNumber([property: Required, KeyText(60)] string System, [property: Required, KeyText(120)] string Value)
{
    static readonly KeyTextAttribute system = new(60),
        value = new(120);

    /// <summary>Whether customers would look it up.</summary>
    internal bool IsKey() => system.IsValid(System) && value.IsValid(Value);

    /// <summary>The key by which customers store it.</summary>
    internal CustomerNumber Normal() => new(Keys.Normal(System), Keys.Normal(Value));
}
