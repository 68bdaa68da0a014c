using System.Collections.Frozen;

namespace CrmPlatform.Contracts;

/// <summary>Who listens to whom. docs/context-map.md and the queues on the broker follow this table; a test compares them.</summary>
public static class ContextMap
{
    public const string Customers = "customers";
    public const string Segmentation = "segmentation";
    public const string ServiceDesk = "service-desk";
    public const string Loyalty = "loyalty";
    public const string Portraits = "portraits";

    public static IReadOnlyList<string> Contexts { get; } = [Customers, Segmentation, ServiceDesk, Loyalty, Portraits];

    /// <summary>Whether it only reads: it tells nobody anything, and can hear everything again in whatever order.</summary>
    public static bool OnlyReads(string context) => context == Portraits;

    /// <summary>
    /// Whether <paramref name="listener"/> receives the facts of this contract. Publishers follow this table, so a new line reaches them before the
    /// listener that waits for it.
    /// </summary>
    public static bool Hears(string listener, ContractName contract) => contract.Publisher != listener && listener switch
    {
        Portraits => !contract.Internal,
        Customers => contract.Type == typeof(PersonalDataErased),
        Segmentation or Loyalty when contract.Type == typeof(CustomerRegistered) || contract.Type == typeof(PurchaseRecorded) || contract.Type == typeof(PurchaseReturned)
            || contract.Type == typeof(CustomerForgotten) => true,
        Segmentation => false,
        Loyalty => contract.Type == typeof(SurveyAnswered) || contract.Type == typeof(ProfileChanged) || contract.Type == typeof(BirthdayNoted) || contract.Type == typeof(ConsentChanged)
            || contract.Type == typeof(TicketOpened) || contract.Type == typeof(TicketResolved) || contract.Type == typeof(TicketReopened) || contract.Type == typeof(TicketClosed),
        ServiceDesk => contract.Type == typeof(TierChanged) || contract.Type == typeof(GradeChanged) || contract.Type == typeof(CustomerForgotten),
        _ => throw new ArgumentOutOfRangeException(nameof(listener), listener, "not a context"),
    };

    /// <summary>The contexts of which <paramref name="listener"/> receives anything.</summary>
    public static IReadOnlyList<string> Heard(string listener) => [.. Contexts.Where(publisher => ContractCatalogue.All.Any(c => c.Publisher == publisher && Hears(listener, c)))];

    /// <summary>Who receives the facts of this contract.</summary>
    public static IReadOnlyList<string> Audience(ContractName contract) => audiences[contract.Name];

    static readonly FrozenDictionary<string, string[]> audiences = ContractCatalogue.All.ToFrozenDictionary(c => c.Name, c => Contexts.Where(listener => Hears(listener, c)).ToArray());
}
