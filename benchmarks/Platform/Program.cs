using CrmPlatform.Crm;
using CrmPlatform.PlatformBenchmarks;

if (Settings.Parse(args) is not { } settings)
{
    Console.Error.WriteLine("usage: ./crm bench platform [--quick] [--keep] [row…]   rows are named by a word of their name");
    return 2;
}
using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(50)); // the token is good for an hour
var (machine, rows) = ("", new List<Row>());
try
{
    await Measure(stop.Token);
    return 0;
}
catch (Exception problem) when (problem is CrmException or HttpRequestException or OperationCanceledException)
{
    Console.Error.WriteLine($"crm bench: {problem.Message}");
    return 1;
}
finally // what was measured before something failed is worth seeing
{
    var (met, missed) = (rows.Count(row => row.Met == true), rows.Count(row => row.Met == false));
    if (rows.Count > 0)
        Console.WriteLine($"{machine}\n\n{Table.Results(rows)}\n\n{Table.Processors(rows)}\n\n{met} goals met, {missed} missed");
}

async Task Measure(CancellationToken ct)
{
    var instance = Instance.Open();
    var secrets = Secrets.Of(instance);
    using var api = await Api.As(Client.Demo, instance, secrets, ct);
    using var clients = new Connections(instance.Gateway, await Api.Token(Client.Demo, instance, secrets, ct));

    var shop = await Shop.Open(clients, instance, api, ct);
    var bare = await BareRows.Open(clients, shop, api, ct);
    await CaughtUp.Wait(api, ct);
    await Server.Tidy(instance, ct);
    machine = await Server.Describe(instance, ct);

    var contest = new Contest(clients, new(instance), settings);
    rows.AddRange(await contest.Run(bare.Read, shop.Portrait, shop.PortraitWithProfile));
    rows.AddRange(await contest.Run(bare.Write, shop.Purchase with { Settle = (await Aftermath.Of(api, ct)).After }));
    if (rows.Count == 0)
        throw new CrmException($"no row is called {string.Join(" or ", settings.Words)}");
}
