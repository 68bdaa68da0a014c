using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Store and daemon against a model that fits in one file (<see cref="Simulation"/>): FsCheck makes up the steps, two replicas on the real
/// PostgreSQL execute them. A failure prints its seed, the fewest steps that were seen to fail, and why. <c>CRM_SIMULATION_SEED</c> runs
/// its steps again; how those of the same moment interleave is not in the seed.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output) : IAsyncLifetime
{
    static readonly TimeSpan shrinking = TimeSpan.FromSeconds(90);
    StoreFixture fixture = new();

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task whatever_happens_log_views_and_subscriptions_are_what_a_simple_model_says()
    {
        var again = Environment.GetEnvironmentVariable("CRM_SIMULATION_SEED");
        // A busy machine gets through fewer cases in a run of all tests.
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
            Assert.Fail($"CRM_SIMULATION_SEED={seed} runs the steps again that these are left of:{failed.Plan}\n{failed.Because}");
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
                await AnotherDatabase(); // what it has left behind is not the next one's fault
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

/// <summary>Several streams of two kinds, few enough that everything collides.</summary>
enum Kind
{
    Write,
    WriteMany,
    WriteManyOrBeRefused,
    Append,
    Read,
}

enum Rule
{
    Always,
    Twice,
    EvenOrRefused,
    OddOrNothing,
}

enum Expected
{
    Anything,
    Right,
    Stale,
    New,
}

/// <summary>Happens to replica <see cref="Step.Which"/> while the calls of a step are under way.</summary>
enum Meanwhile
{
    Nothing,
    SessionsEnd,
    Crash,
    Start,
    Stop,
    SlowWriter,
    Rebuild,
}

/// <summary>
/// Held by somebody else until that has happened, so that it happens in the middle of a transaction: a stream, or the place of the async
/// projection.
/// </summary>
enum Locked
{
    Nothing,
    Stream,
    Place,
}

/// <summary>What one client asks of one replica. Its facts carry its number, and the state that they were decided on.</summary>
sealed record Call(int Replica, Kind Kind, int[] Streams, Rule Rule, int Quantity, Expected Expected, int? Message)
{
    public const int Baskets = 4,
        Journals = 2;

    public bool Blind(int stream) => Kind == Kind.Append || stream >= Baskets;

    /// <summary>Null is a refusal.</summary>
    public object[]? Decide(int number, int stream, Basket basket)
    {
        var fact = new ItemAdded(number.ToString(CultureInfo.InvariantCulture), Quantity, basket.ToString());
        return stream >= Baskets ? [new Noted(number)]
            : Kind == Kind.Append ? [new PaymentTaken(number)]
            : Rule switch
            {
                Rule.Twice => [fact, fact with { Note = basket.Evolve(fact).ToString() }],
                Rule.EvenOrRefused when basket.Items % 2 == 1 => null,
                Rule.OddOrNothing when basket.Items % 2 == 0 => [],
                _ => [fact],
            };
    }

    public static string NameOf(int stream) => stream < Baskets ? $"basket-{stream}" : $"journal-{stream - Baskets}";

    public override string ToString() =>
        $"{Kind} {string.Join(' ', Streams.Select(NameOf))}{(Kind is Kind.Append or Kind.Read ? "" : $" {Rule} {Quantity}")}{(Kind == Kind.Write && Expected != Expected.Anything ? $" expecting {Expected}" : "")}"
        + $"{(Message is { } m && Kind != Kind.Read ? $" once {m}" : "")} at replica {Replica}";
}

sealed record Step(Call[] Calls, Locked Locked, Meanwhile Meanwhile, int Which, int After)
{
    public override string ToString() =>
        $"{(Locked == Locked.Nothing ? "" : $" {Locked} {Which} locked")}{(Meanwhile == Meanwhile.Nothing ? "" : $" {Meanwhile} {Which}")}{(Locked, Meanwhile) switch { (Locked.Nothing, Meanwhile.Nothing) => "", _ => $" after {After} ms" }}";
}

sealed record Plan(Step[] Steps)
{
    static readonly Gen<Call> call =
        from replica in Gen.Choose(0, 1)
        from kind in Gen.Frequency(
            (6, Gen.Constant(Kind.Write)),
            (2, Gen.Constant(Kind.WriteMany)),
            (2, Gen.Constant(Kind.WriteManyOrBeRefused)),
            (2, Gen.Constant(Kind.Append)),
            (1, Gen.Constant(Kind.Read))
        )
        from streams in Gen.Shuffle(Enumerable.Range(0, Call.Baskets + Call.Journals).ToArray())
        from count in Gen.Choose(1, 4)
        from rule in Gen.Elements(Enum.GetValues<Rule>())
        from quantity in Gen.Choose(1, 3)
        from expected in Gen.Frequency(
            (5, Gen.Constant(Expected.Anything)),
            (2, Gen.Constant(Expected.Right)),
            (1, Gen.Constant(Expected.Stale)),
            (1, Gen.Constant(Expected.New))
        )
        from message in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Gen.Choose(0, Simulation.Messages - 1).Select(m => (int?)m)))
        select new Call(
            replica,
            kind,
            kind is Kind.Write or Kind.Read ? [streams.First(s => s < Call.Baskets)] : streams[..count],
            rule,
            quantity,
            expected,
            message
        );

    static readonly Gen<Step> step =
        from together in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Constant(1)), (4, Gen.Choose(2, 8)))
        from calls in call.ArrayOf(together)
        from locked in Gen.Frequency((6, Gen.Constant(Locked.Nothing)), (2, Gen.Constant(Locked.Stream)), (2, Gen.Constant(Locked.Place)))
        from meanwhile in Gen.Frequency((7, Gen.Constant(Meanwhile.Nothing)), (8, Gen.Elements(Enum.GetValues<Meanwhile>())))
        from which in Gen.Choose(0, 3)
        from after in Gen.Elements(0, 1, 2, 4, 8, 16, 70)
        select new Step(calls, locked, meanwhile, which, after);

    public static Gen<Plan> Any { get; } = from length in Gen.Choose(20, 40) from steps in step.ArrayOf(length) select new Plan(steps);

    /// <summary>Without some of the steps, without some of the calls, without what happened meanwhile.</summary>
    public IEnumerable<Plan> Fewer()
    {
        for (var some = Steps.Length / 2; some > 0; some /= 2)
        for (var i = Steps.Length; i > 0; i -= some)
            yield return new([.. Steps[..Math.Max(i - some, 0)], .. Steps[i..]]);
        for (var i = 0; i < Steps.Length; i++)
        {
            if (Steps[i].Meanwhile != Meanwhile.Nothing)
                yield return With(i, Steps[i] with { Meanwhile = Meanwhile.Nothing });
            if (Steps[i].Locked != Locked.Nothing)
                yield return With(i, Steps[i] with { Locked = Locked.Nothing });
            for (var c = 0; c < Steps[i].Calls.Length; c++)
                yield return With(i, Steps[i] with { Calls = [.. Steps[i].Calls[..c], .. Steps[i].Calls[(c + 1)..]] });
        }

        Plan With(int i, Step changed) => new([.. Steps[..i], changed, .. Steps[(i + 1)..]]);
    }

    public override string ToString() =>
        string.Concat(
            Steps.Select((s, i) => $"\n  step {i}:{s}{string.Concat(s.Calls.Select((c, j) => $"\n    {Simulation.NumberOf(i, j)}: {c}"))}")
        );
}
