using System.Diagnostics.Metrics;
using System.Net;
using CrmPlatform.Gateway.Edge;
using CrmPlatform.Gateway.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.Gateway.Tests;

public sealed class FailedSignInTests : IDisposable
{
    static readonly IPAddress here = IPAddress.Parse("203.0.113.7");
    static readonly Client shop = new() { Id = "shop", Secret = "a secret of the shop" };

    readonly Lines lines = new();
    readonly Moment clock = new();
    readonly ServiceProvider services;
    readonly MeterListener listener = new();
    readonly Dictionary<string, long> counted = [];
    readonly FailedSignIns signIns;

    public FailedSignInTests()
    {
        services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(lines)).BuildServiceProvider();
        signIns = new(
            new() { Clients = [shop] },
            new RateLimitSettings(),
            clock,
            services.GetRequiredService<IMeterFactory>(),
            services.GetRequiredService<ILogger<FailedSignIns>>()
        );
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == "crm.sign_ins.failed" && instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (_, by, tags, _) =>
            {
                var key = string.Join(' ', tags.ToArray().Select(t => t.Value));
                counted[key] = counted.GetValueOrDefault(key) + by;
            }
        );
        listener.Start();
    }

    public void Dispose()
    {
        listener.Dispose();
        services.Dispose();
    }

    [Fact]
    public void the_delay_doubles_with_each_wrong_secret_up_to_the_longest()
    {
        for (var free = 0; free < 6; free++)
            Guess().ShouldBeTrue();
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900 })
        {
            Should
                .Throw<TooManyGuessesException>(() => signIns.Authenticate(new("shop", shop.Secret), here))
                .Wait.ShouldBe(TimeSpan.FromSeconds(seconds));
            clock.Now += TimeSpan.FromSeconds(seconds);
            Guess().ShouldBeTrue();
        }
    }

    [Fact]
    public void the_right_secret_is_not_looked_at_during_the_delay_and_counts_afterwards()
    {
        for (var guess = 0; guess < 6; guess++)
            Guess();
        Should.Throw<TooManyGuessesException>(() => signIns.Authenticate(new("shop", shop.Secret), here));
        clock.Now += TimeSpan.FromSeconds(1);
        signIns.Authenticate(new("shop", shop.Secret), here).ShouldBe(shop);
        for (var guess = 0; guess < 6; guess++)
            Guess().ShouldBeTrue("it begins anew");
    }

    [Fact]
    public void wrong_secrets_are_forgotten_after_an_hour()
    {
        for (var guess = 0; guess < 6; guess++)
            Guess();
        clock.Now += TimeSpan.FromMinutes(61);
        for (var guess = 0; guess < 6; guess++)
            Guess().ShouldBeTrue();
    }

    [Fact]
    public void one_network_of_ipv6_counts_as_one_address()
    {
        for (var guess = 0; guess < 6; guess++)
            Guess(IPAddress.Parse($"2001:db8::{guess}"));
        Should.Throw<TooManyGuessesException>(() => signIns.Authenticate(new("shop", shop.Secret), IPAddress.Parse("2001:db8::ffff")));
        signIns.Authenticate(new("shop", shop.Secret), IPAddress.Parse("2001:db8:1::1")).ShouldBe(shop);
    }

    [Fact]
    public void failures_are_counted_and_logged_without_what_was_sent()
    {
        for (var guess = 0; guess < 7; guess++)
            Guess(secret: "guessed secret");
        Guess(client: "my secret in the wrong field", secret: "guessed secret");
        counted.ShouldBe(
            new Dictionary<string, long>
            {
                ["shop wrong"] = 6,
                ["shop delayed"] = 1,
                ["unknown wrong"] = 1,
            },
            ignoreOrder: true
        );
        lines.All.Count.ShouldBe(7);
        lines.All[0].ShouldBe("A sign-in failed: client shop, from 203.0.113.7, 1 times there; the next attempt in 00:00:00");
        lines.All.ShouldAllBe(line => !line.Contains("secret"));
    }

    /// <summary>Sends a secret that is wrong. Whether it was looked at.</summary>
    bool Guess(IPAddress? from = null, string client = "shop", string secret = "wrong")
    {
        try
        {
            signIns.Authenticate(new(client, secret), from ?? here);
        }
        catch (TokenRefusedException)
        {
            return true;
        }
        catch (TooManyGuessesException)
        {
            return false;
        }
        throw new InvalidOperationException("the secret was right");
    }

    sealed class Moment : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId e,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> format
        ) => All.Add(format(state, exception));

        public void Dispose() { }
    }
}
