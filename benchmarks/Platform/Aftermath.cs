using CrmPlatform.Crm;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>
/// What purchases set off in all rooms: the next slice begins when it is done, and this one counts only when every purchase has arrived.
/// </summary>
sealed class Aftermath
{
    readonly Api api;
    readonly CancellationToken ct;
    long known;

    Aftermath(Api api, CancellationToken ct) => (this.api, this.ct) = (api, ct);

    public static async Task<Aftermath> Of(Api api, CancellationToken ct)
    {
        var aftermath = new Aftermath(api, ct);
        aftermath.known = await aftermath.Count();
        return aftermath;
    }

    public async Task<TimeSpan> After(int purchases)
    {
        var time = await CaughtUp.Wait(api, ct);
        var now = await Count();
        if (now != known + purchases)
            throw new CrmException($"{purchases} purchases were answered 201, and there are {now - known} more");
        known = now;
        return time;
    }

    async Task<long> Count() => (await api.Get("/api/customers/summary", ct))["purchases"]!.GetValue<long>();
}
