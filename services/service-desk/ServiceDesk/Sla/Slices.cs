namespace CrmPlatform.ServiceDesk.Sla;

/// <summary>What is in this folder: what is promised to whom, and the clock that finds broken promises.</summary>
static class Slices
{
    public static void Add(CrmService service) => service.Due<BreachClock>();
}
