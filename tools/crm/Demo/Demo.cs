using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>The platform shown on a real shop's year: loaded through the gateway, waited for, and compared with the files.</summary>
public static class Demo
{
    public static async Task<int> Run(Instance instance, Secrets secrets, bool quick, CancellationToken ct)
    {
        if (Company.Of(instance) is var company && company != Company.OfTheSample)
            throw new CrmException(
                $"the sample shop sells in {Company.OfTheSample.Currency} in {Company.OfTheSample.Zone}, and this installation is for "
                    + $"{company.Currency} in {company.Zone}: CRM_RUN_DIR=.crm-demo ./crm demo makes one of its own"
            );
        var clock = TimeProvider.System;
        var sample = Sample.Of(instance, clock);
        var totals = SampleTotals.Of(sample);
        using var api = await Api.As(Client.Demo, instance, secrets, ct);

        if (await IsThere(api, instance, totals, ct))
            AnsiConsole.WriteLine(
                $"the sample is there already: {totals.Customers:N0} customers, {totals.Purchases:N0} purchases, "
                    + $"{totals.Tickets:N0} tickets; nothing is loaded twice"
            );
        else
            await Load(api, instance, sample, last: quick ? 0 : Latency.Purchases, ct);

        var run = await Score(api, sample, clock, ct);
        var agree = await Figures.Print(api, run, totals, ct);
        if (quick)
            return agree ? 0 : 1;
        Delays.Read(instance)?.Print();
        await Segments.Print(api, ct);
        await Worth.Print(api, sample, ct);
        await PrintPortrait(api, sample, ct);
        PrintAddresses(instance, secrets);
        return agree ? 0 : 1;
    }

    /// <summary>Our own note that a load was finished counts only if the platform still has at least as much.</summary>
    private static async Task<bool> IsThere(Api api, Instance instance, SampleTotals totals, CancellationToken ct)
    {
        if (!File.Exists(Done(instance)))
            return false;
        var customers = await api.Get("/api/customers/summary", ct);
        return customers["customers"]!.GetValue<long>() >= totals.Customers && customers["purchases"]!.GetValue<long>() >= totals.Purchases;
    }

    private static async Task Load(Api api, Instance instance, Sample sample, int last, CancellationToken ct)
    {
        AnsiConsole.WriteLine($"loading the sample shop, its dates moved by {sample.Weeks} weeks (see samples/README.md)");
        var load = new LoadSample(api, sample);
        var (imported, took) = (0, TimeSpan.Zero);
        await load.Run(
            last,
            async loaded => (imported, took) = (loaded.Purchases.Recorded, loaded.PurchasesTook + await CaughtUp.Wait(api, ct)),
            ct
        );
        AnsiConsole.WriteLine($"customers: {load.Customers}");
        AnsiConsole.WriteLine($"purchases: {load.Purchases}");
        AnsiConsole.WriteLine($"tickets:   {load.Tickets}");
        var refused = new[] { load.Customers, load.Purchases, load.Tickets }.Sum(count => count.Refused);
        if (refused > 0)
            throw new CrmException($"{refused} rows of the sample were refused");
        if (imported > 0)
            AnsiConsole.WriteLine(
                $"import: {imported:N0} purchases accepted in {load.PurchasesTook.TotalSeconds:N1} s, "
                    + $"all contexts caught up after {took.TotalSeconds:N1} s = {imported / took.TotalSeconds:N0} purchases/s"
            );
        load.Delays?.Write(instance);
        var complained = sample.Tickets.Select(ticket => load.Ids[ticket["customer"]!["value"]!.GetValue<string>()]).Distinct();
        await AskSurvey.Run(api, [.. complained], TimeProvider.System, ct);
        await File.WriteAllTextAsync(Done(instance), "", ct);
    }

    /// <summary>Scores as of the sample's last day or yesterday, whichever is later: the same data are the same run.</summary>
    private static async Task<JsonNode> Score(Api api, Sample sample, TimeProvider clock, CancellationToken ct)
    {
        await CaughtUp.Wait(api, ct, TimeSpan.FromSeconds(1));
        var asOf = Sample.Today(clock).AddDays(-1);
        var answer = await api.Post("/api/segmentation/runs", new { asOf = $"{asOf:yyyy-MM-dd}" }, ct);
        await CaughtUp.Wait(api, ct);
        return await api.Get($"/api/segmentation/runs/{answer!["id"]}", ct);
    }

    /// <summary>The customer with a ticket who bought most often.</summary>
    private static async Task PrintPortrait(Api api, Sample sample, CancellationToken ct)
    {
        var complained = sample.Tickets.Select(ticket => ticket["customer"]!["value"]!.GetValue<string>()).ToHashSet();
        var household = sample
            .Purchases.Select(purchase => purchase["customer"]!["value"]!.GetValue<string>())
            .Where(complained.Contains)
            .CountBy(value => value)
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .First()
            .Key;
        var id = await Look.Resolve(api, $"{Sample.System}:{household}", ct);
        AnsiConsole.Write(new Rule($"the portrait of household {household}") { Justification = Justify.Left });
        Console.WriteLine((await api.Get($"/api/customers/{id}/portrait?include=profile", ct)).ToJsonString(Look.Readable));
    }

    private static void PrintAddresses(Instance instance, Secrets secrets)
    {
        AnsiConsole.Write(new Rule("addresses") { Justification = Justify.Left });
        Console.WriteLine($"API page   {instance.Gateway}docs   (token: ./crm token)");
        using var broker = Broker.Of(instance);
        if (broker is not null)
            Console.WriteLine($"stream     {broker.AnalystAddress(secrets)}   queue {Broker.Stream}, x-stream-offset first");
        Console.WriteLine("more       ./crm portrait completejourney:1 · ./crm status · ./crm down");
    }

    private static string Done(Instance instance) => instance.PathOf("sample-loaded");
}
