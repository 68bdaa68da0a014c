namespace CrmPlatform.Contracts;

/// <summary>Marks a record that a context publishes to others, as <c>context.kebab-case-of-the-record</c>.</summary>
/// <param name="publishers">The names of the contexts that publish it.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ContractAttribute(params string[] publishers) : Attribute
{
    public IReadOnlyList<string> Publishers { get; } = publishers;

    /// <summary>True if it is sent between services only and never to the public stream.</summary>
    public bool Internal { get; init; }
}

/// <summary>A contract about a customer.</summary>
public interface IAboutCustomer
{
    /// <summary>Id of the customer; absent where it is unknown, as for a guest's purchase.</summary>
    Guid? CustomerId { get; }

    /// <summary>When it happened, according to the publisher.</summary>
    DateTimeOffset OccurredAt { get; }
}

/// <summary>A contract about a customer who is always known.</summary>
public interface IAboutKnownCustomer : IAboutCustomer
{
    /// <summary>Id of the customer.</summary>
    new Guid CustomerId { get; }

    Guid? IAboutCustomer.CustomerId => CustomerId;
}
