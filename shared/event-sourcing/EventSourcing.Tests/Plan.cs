using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>What a call does. There are so few streams that calls often conflict.</summary>
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

/// <summary>What happens to replica <see cref="Step.Which"/> while the calls of a step are executed.</summary>
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
/// What another session locks meanwhile, so that it happens in the middle of a transaction: a stream, or the checkpoint of the async
/// projection.
/// </summary>
enum Locked
{
    Nothing,
    Stream,
    Place,
}

/// <summary>A call of a client to a replica. Its events contain its number and the state that they were decided on.</summary>
sealed record Call(int Replica, Kind Kind, int[] Streams, Rule Rule, int Quantity, Expected Expected, int? Message)
{
    public const int Baskets = 4,
        Journals = 2;

    public bool Blind(int stream) => Kind == Kind.Append || stream >= Baskets;

    /// <summary>The events that it decides; null for a refusal.</summary>
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

    /// <summary>The version that the caller expects, if any, where the streams had these before the step.</summary>
    public long? ExpectedVersion(int[] before) =>
        (Expected, before[Streams[0]]) switch
        {
            (Expected.Right, var version) => version,
            (Expected.Stale, var version) => version > 0 ? version - 1 : 1,
            (Expected.New, _) => 0,
            _ => null,
        };

    /// <summary>The number of the call that recorded an event.</summary>
    public static int NumberOf(object fact) =>
        fact switch
        {
            ItemAdded added => int.Parse(added.Item, CultureInfo.InvariantCulture),
            PaymentTaken taken => (int)taken.Amount,
            _ => ((Noted)fact).Number,
        };

    public static string NameOf(int stream) => stream < Baskets ? $"basket-{stream}" : $"journal-{stream - Baskets}";

    public override string ToString() =>
        $"{Kind} {string.Join(' ', Streams.Select(NameOf))}{(Kind is Kind.Append or Kind.Read ? "" : $" {Rule} {Quantity}")}"
        + (Kind == Kind.Write && Expected != Expected.Anything ? $" expecting {Expected}" : "")
        + $"{(Message is { } m && Kind != Kind.Read ? $" once {m}" : "")} at replica {Replica}";
}

sealed record Step(Call[] Calls, Locked Locked, Meanwhile Meanwhile, int Which, int After)
{
    public IEnumerable<int> NumbersOf(int step) => Calls.Select((_, call) => Simulation.NumberOf(step, call));

    public override string ToString() =>
        (Locked == Locked.Nothing ? "" : $" {Locked} {Which} locked")
        + (Meanwhile == Meanwhile.Nothing ? "" : $" {Meanwhile} {Which}")
        + ((Locked, Meanwhile) is (Locked.Nothing, Meanwhile.Nothing) ? "" : $" after {After} ms");
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
        from message in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Gen.Choose(0, SimulationModel.Messages - 1).Select(m => (int?)m)))
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

    /// <summary>Smaller plans: without some steps, without some calls, without what happens meanwhile.</summary>
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
