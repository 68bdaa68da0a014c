namespace CrmPlatform.Customers.Profiles;

/// <summary>The customer's number in another system, like a member number of the shop.</summary>
/// <param name="System">The system that gives the number: <c>web</c>, <c>till</c>.</param>
/// <param name="Value">The customer's number there.</param>
public sealed record ExternalId([property: Required, KeyText(60)] string System, [property: Required, KeyText(120)] string Value)
{
    /// <summary>The key by which it is stored and found.</summary>
    public ExternalId Normal() => new(Keys.Normal(System), Keys.Normal(Value));
}
