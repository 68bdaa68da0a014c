using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Compares store and daemon with a simple model (<see cref="SimulationModel"/>): FsCheck generates random steps, and two replicas execute
/// them on a real PostgreSQL. A failure prints its seed, the smallest plan that was seen to fail, and why. <c>CRM_SIMULATION_SEED</c>
/// repeats the steps; how concurrent calls interleave does not follow from the seed.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output) : IAsyncLifetime
{
    static readonly TimeSpan shrinking = TimeSpan.FromSeconds(90);
    StoreFixture fixture = new();

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task random_steps_leave_log_views_and_subscriptions_as_the_model_says()
    {
        var again = Environment.GetEnvironmentVariable("CRM_SIMULATION_SEED");
        // In a run of all tests, a busy machine executes fewer cases.
        var (cases, enough) =
            again is not null ? (1, TimeSpan.MaxValue)
            : Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? (200, TimeSpan.MaxValue)
            : (12, TimeSpan.FromSeconds(20));
        var all = Stopwatch.StartNew();
        for (var i = 1; i <= cases && all.Elapsed < enough; i++)
        {
            var (seed, took) = (
                again is null ? (ulong)Random.Shared.NextInt64() : ulong.Parse(again, CultureInfo.InvariantCulture),
                Stopwatch.StartNew()
            );
            await Check(seed);
            output.WriteLine($"case {i}: seed {seed}, {took.ElapsedMilliseconds} ms");
            if (i % 25 == 0)
                await AnotherDatabase();
        }
    }

    async Task Check(ulong seed)
    {
        var (failed, first) = ((Plan: (Plan?)null, Because: (Exception?)null), Stopwatch.StartNew());
        var plans = Arb.From(Plan.Any, plan => plan.Fewer().TakeWhile(_ => first.Elapsed < shrinking));
        var config = Config
            .QuickThrowOnFailure.WithMaxTest(1)
            .WithQuietOnSuccess(true)
            .WithReplay(FSharpOption<Replay>.Some(new(new(seed), FSharpOption<int>.Some(1))));
        try
        {
            await Task.Run(() => Prop.ForAll(plans, Passes).Check(config));
        }
        catch (Exception) when (failed.Plan is not null)
        {
            Assert.Fail(
                $"CRM_SIMULATION_SEED={seed} repeats the steps; this is the smallest plan that failed:{failed.Plan}\n{failed.Because}"
            );
        }

        async Task<bool> Passes(Plan plan)
        {
            try
            {
                await Simulation.Run(fixture.Database, plan);
                return true;
            }
            catch (Exception e)
            {
                if (failed.Plan is null)
                    first.Restart();
                failed = (plan, e);
                await AnotherDatabase(); // the next plan must not find what this one has left behind
                return false;
            }
        }
    }

    async Task AnotherDatabase()
    {
        await fixture.DisposeAsync();
        await (fixture = new()).InitializeAsync();
    }
}
