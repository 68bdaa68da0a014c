namespace CrmPlatform.Contracts;

/// <summary>Marks a record that one context promises to the others. Its name is <c>context.kebab-case-of-the-record</c>.</summary>
/// <param name="publishers">The contexts that publish it, in the words of the context map.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ContractAttribute(params string[] publishers) : Attribute
{
    public IReadOnlyList<string> Publishers { get; } = publishers;

    /// <summary>True for a fact between services that never reaches the public stream.</summary>
    public bool Internal { get; init; }
}

/// <summary>What a contract says of a customer.</summary>
public interface IAboutCustomer
{
    /// <summary>Whose it is; null where nobody is known, as with a guest's purchase.</summary>
    Guid? CustomerId { get; }

    /// <summary>When it happened, as the publisher dates it.</summary>
    DateTimeOffset OccurredAt { get; }
}

/// <summary>What a contract says of a customer who is always known.</summary>
public interface IAboutKnownCustomer : IAboutCustomer
{
    new Guid CustomerId { get; }

    Guid? IAboutCustomer.CustomerId => CustomerId;
}
