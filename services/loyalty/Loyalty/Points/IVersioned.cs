namespace CrmPlatform.Loyalty.Points;

/// <summary>Something that is in force from an instant until that of its next version.</summary>
public interface IVersioned
{
    int Version { get; }
    DateTimeOffset EffectiveFrom { get; }
}
