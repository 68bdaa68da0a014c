using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>What customers may care about. Some is inferred from purchases, all of it may be declared.</summary>
public static class NeedCodes
{
    public const string Price = "price",
        Quality = "quality",
        Service = "service",
        Novelty = "novelty",
        Brand = "brand",
        Convenience = "convenience";

    public static IReadOnlyList<string> All { get; } = [Brand, Convenience, Novelty, Price, Quality, Service];
}

/// <summary>How strong an inferred need is.</summary>
public enum NeedBand
{
    Low,
    High,
}

/// <summary>One of the codes of needs.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NeedCodeAttribute()
    : AllowedValuesAttribute(
        NeedCodes.Price,
        NeedCodes.Quality,
        NeedCodes.Service,
        NeedCodes.Novelty,
        NeedCodes.Brand,
        NeedCodes.Convenience
    )
{
    public override string FormatErrorMessage(string name) => $"{name} must be one of {string.Join(", ", NeedCodes.All)}.";
}
