namespace CrmPlatform.Contracts;

/// <summary>Who listens to whom. docs/context-map.md and the queues on the broker follow this table; a test compares them.</summary>
public static class ContextMap
{
    public const string Customers = "customers";
    public const string Segmentation = "segmentation";
    public const string ServiceDesk = "service-desk";
    public const string Loyalty = "loyalty";

    public static IReadOnlyList<string> Contexts { get; } = [Customers, Segmentation, ServiceDesk, Loyalty];

    /// <summary>The contexts whose facts <paramref name="listener"/> receives.</summary>
    public static IReadOnlyList<string> Heard(string listener) => listener switch
    {
        Customers => [Segmentation, ServiceDesk, Loyalty],
        Segmentation => [Customers, ServiceDesk],
        ServiceDesk => [Customers, Segmentation, Loyalty],
        Loyalty => [Customers, ServiceDesk],
        _ => throw new ArgumentOutOfRangeException(nameof(listener), listener, "not a context"),
    };
}
