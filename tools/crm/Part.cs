namespace CrmPlatform.Crm;

/// <summary>One of the six programs. Database is null where a program keeps nothing.</summary>
public sealed record Part(string Name, string Assembly, string? Database, string PortSetting)
{
    public static readonly Part Customers = new("customers", "CrmPlatform.Customers", "customers", "CRM_CUSTOMERS_PORT");
    public static readonly Part Segmentation = new("segmentation", "CrmPlatform.Segmentation", "segmentation", "CRM_SEGMENTATION_PORT");
    public static readonly Part ServiceDesk = new("service-desk", "CrmPlatform.ServiceDesk", "service_desk", "CRM_SERVICE_DESK_PORT");
    public static readonly Part Loyalty = new("loyalty", "CrmPlatform.Loyalty", "loyalty", "CRM_LOYALTY_PORT");
    public static readonly Part Portraits = new("portraits", "CrmPlatform.Portraits", "portraits", "CRM_PORTRAITS_PORT");
    public static readonly Part Gateway = new("gateway", "CrmPlatform.Gateway", null, "CRM_GATEWAY_PORT");

    /// <summary>Those with an event log of their own.</summary>
    public static readonly IReadOnlyList<Part> Logs = [Customers, Segmentation, ServiceDesk, Loyalty];

    /// <summary>Those that only read what the others tell.</summary>
    public static readonly IReadOnlyList<Part> Readers = [Portraits];

    public static readonly IReadOnlyList<Part> Contexts = [.. Logs, .. Readers];
    public static readonly IReadOnlyList<Part> All = [.. Contexts, Gateway];

    public static Part Named(string name) => All.FirstOrDefault(part => part.Name == name)
        ?? throw new CrmException($"{name} is none of {string.Join(", ", All.Select(part => part.Name))}");

    /// <summary>The table that all else can be made from again.</summary>
    public string Source => Logs.Contains(this) ? "public.mt_events" : "public.timeline";

    public string OwnerRole => Database + "_owner";
    public string AppRole => Database + "_app";
    public string ApiPath => "/api/" + Name;
}
