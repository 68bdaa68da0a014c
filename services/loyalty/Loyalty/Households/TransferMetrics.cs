using System.Diagnostics.Metrics;

namespace CrmPlatform.Loyalty.Households;

/// <summary>Transfers asked for, and why members go away without.</summary>
static class TransferMetrics
{
    static readonly Meter meter = new("Crm.Loyalty");
    static readonly Counter<long> transfers = meter.CreateCounter<long>(
        "crm.households.transfers",
        "{transfer}",
        "Transfers asked for, by outcome: made, or the rule that refused"
    );
    static readonly Counter<long> points = meter.CreateCounter<long>(
        "crm.households.transferred",
        "{point}",
        "Points that went from one member to another"
    );

    public static async Task<WriteResult> Counted(long asked, Func<Task<WriteResult>> transfer)
    {
        var done = await transfers.Count(transfer, _ => "made");
        points.Add(asked);
        return done;
    }
}
