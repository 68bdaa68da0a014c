namespace CrmPlatform.Customers.Tags;

/// <summary>A word that a command uses, and what the dictionary says of it.</summary>
/// <param name="Code">The normalised word.</param>
/// <param name="Tag">Its definition; that of an unknown word has no code yet.</param>
public sealed record TagWord(string Code, Tag Tag)
{
    /// <summary>The codes under which a customer may have it.</summary>
    public IEnumerable<string> Codes => [Code, .. Tag.Also];
}
