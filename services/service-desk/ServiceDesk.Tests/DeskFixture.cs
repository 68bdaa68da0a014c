using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDesk.Tests;

public class DeskFixture : ServiceFixture<Program>
{
    public AskedCustomers Customers { get; } = new();

    /// <summary>Ids that customers knows nothing of; it knows all others.</summary>
    public ConcurrentDictionary<Guid, bool> Unknown => Customers.Unknown;

    /// <summary>How often customers was asked whether it knows this id.</summary>
    public ConcurrentDictionary<Guid, int> Asked => Customers.Asked;

    /// <summary>What customers answers instead.</summary>
    public int? CustomersAnswers
    {
        get => Customers.Answers;
        set => Customers.Answers = value;
    }

    // The desk is always open here, so that tests pass at any hour; due work runs only when a test calls it.
    protected override IReadOnlyDictionary<string, string> Settings =>
        Enum.GetNames<DayOfWeek>()
            .ToDictionary(d => $"ServiceDesk:Calendars:default:Week:{d}:0", _ => "00:00-24:00")
            .Concat([new("Business:TimeZone", "America/New_York"), new("ServiceDesk:BreachEvery", "01:00:00"), Customers.Setting])
            .ToDictionary();

    public override async Task InitializeAsync()
    {
        await Customers.Start();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Customers.DisposeAsync();
    }

    protected override bool DescribesItsProblems => true;

    /// <summary>The rules that ship with the service.</summary>
    public static DeskRules Shipped { get; } = Read();

    static DeskRules Read()
    {
        var settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(TestServers.Root, "services", "service-desk", "ServiceDesk", "appsettings.json"))
            .Build();
        var options = settings.GetSection("ServiceDesk").Get<DeskOptions>()!;
        options.Fault().ShouldBeNull();
        return new(options, new() { TimeZone = "America/New_York", Currency = "USD" });
    }

    /// <summary>A local time in New York in June 2026, which begins with a Monday.</summary>
    public static DateTimeOffset June(int day, string time) =>
        new(DateTime.Parse($"2026-06-{day:00} {time}", CultureInfo.InvariantCulture), TimeSpan.FromHours(-4));
}
