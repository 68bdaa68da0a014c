namespace CrmPlatform.EventSourcing;

/// <summary>Stores a fact under this name instead of the snake_case of its record's name.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StoredAsAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
