using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// The model: for each stream the events that it must hold, and which messages were executed. The order of concurrent calls is taken from
/// the log; then every outcome must be the one that the rules give in that order.
/// </summary>
sealed class SimulationModel
{
    public const int Messages = 12;

    readonly Guid[] streams = [.. Ids(Call.Baskets + Call.Journals)],
        messages = [.. Ids(Messages)];
    readonly List<object>[] model = [.. Enumerable.Range(0, Call.Baskets + Call.Journals).Select(_ => new List<object>())];
    readonly HashSet<int> executed = [];
    readonly Dictionary<int, int> executor = [];

    public int[] Versions => [.. model.Select(m => m.Count)];

    public Guid Stream(int stream) => streams[stream];

    public Guid? Message(Call call) => call.Message is { } message ? messages[message] : null;

    /// <summary>Takes the order of the calls from the log, and checks every outcome against it.</summary>
    public async Task Check(int number, Step step, int[] before, Outcome[] outcomes, EventStore store, NpgsqlConnection admin)
    {
        for (var s = 0; s < streams.Length; s++)
        {
            var log = await store.FetchStream(streams[s]);
            log.Select(e => e.Version).ShouldBe(Enumerable.Range(1, log.Count).Select(v => (long)v), Call.NameOf(s));
            log.Take(before[s]).Select(e => e.Data).ShouldBe(model[s], $"{Call.NameOf(s)}: existing events do not change");
            model[s].AddRange(log.Skip(before[s]).Select(e => e.Data));
            model[s]
                .Skip(before[s])
                .ShouldAllBe(
                    f => step.NumbersOf(number).Contains(Call.NumberOf(f)),
                    $"{Call.NameOf(s)}: only calls of this step have written"
                );
        }
        var known = executed.ToHashSet();
        for (var i = 0; i < outcomes.Length; i++)
            Check(step.Calls[i], Simulation.NumberOf(number, i), before, outcomes[i], known);
        // A duplicate was executed before, by another call of this step, or by a call whose answer was lost.
        var lost = step
            .Calls.Zip(outcomes)
            .Where(c => c.Second.Lost && c.First.Message is not null)
            .Select(c => c.First.Message!.Value)
            .ToList();
        foreach (var (call, outcome) in step.Calls.Zip(outcomes))
            if (outcome.Results?.Any(r => r.Duplicate) == true && !executed.Contains(call.Message!.Value))
                lost.ShouldContain(call.Message.Value, $"{call}: a duplicate of a message that was never executed");
        foreach (var (call, outcome) in step.Calls.Zip(outcomes))
            if (outcome.Results?.Any(r => r.Duplicate) == true)
                executed.Add(call.Message!.Value);
        (await admin.QueryAsync<Guid>("select message_id from inbox where message_id = any(@messages)", new { messages }))
            .Order()
            .ShouldBe(executed.Select(m => messages[m]).Order(), "the inbox");
    }

    void Check(Call call, int number, int[] before, Outcome outcome, HashSet<int> known)
    {
        var why = $"{number}: {call} {outcome.Refusal?.Message}";
        foreach (var s in Enumerable.Range(0, streams.Length).Except(outcome.Read is null ? call.Streams : []))
            Written(s).Facts.ShouldBeEmpty(why);
        if (outcome.Read is { } read)
        {
            var upTo = call.Expected == Expected.Anything ? int.MaxValue : number % 7;
            Now(call.Streams[0])
                .Any(v => read.Version == Math.Min(v, upTo) && read.State == StateAt(call.Streams[0], Math.Min(v, upTo)))
                .ShouldBeTrue($"{why} read {read}");
            return;
        }
        var all = call.Streams.Select(s => (Stream: s, Written: Written(s))).ToList();
        foreach (var (stream, (at, facts)) in all)
            if (facts.Count > 0)
                facts.ShouldBe(
                    call.Decide(number, stream, StateAt(stream, at)) ?? [],
                    $"{why}: not the events that its rule decides at this version, or not exactly once"
                );
        if (call.Message is { } message)
        {
            if (all.Exists(w => w.Written.Facts.Count > 0))
                executor.TryAdd(message, number).ShouldBeTrue($"{why}: {executor.GetValueOrDefault(message)} has executed it");
            if (outcome.Results?.All(r => !r.Duplicate && r.Refused is null) == true)
                executed.Add(message).ShouldBeTrue($"{why}: executed before");
            if (outcome.Refusal is not null || outcome.Results?.Any(r => r.Refused is not null) == true)
                known.ShouldNotContain(message, $"{why}: refused although its message was executed before");
        }
        if (outcome.Refusal is not null)
            all.SelectMany(w => w.Written.Facts).ShouldBeEmpty($"{why}: refused, but recorded something");
        if (outcome.Refusal is StaleVersionException stale)
            Now(call.Streams[0])
                .Any(v => stale.Expected == call.ExpectedVersion(before) && stale.Actual == v && v != stale.Expected)
                .ShouldBeTrue(why);
        else if (outcome.Refusal is not null)
            call.Streams.Any(s => Could(s, null)).ShouldBeTrue($"{why}: no state during the step refuses it");
        else if (outcome.Results is null || outcome.Results[0].Duplicate)
        {
            if (!outcome.Lost)
                all.SelectMany(w => w.Written.Facts).ShouldBeEmpty($"{why}: a duplicate, but recorded something");
            else if (all.Exists(w => w.Written.Facts.Count > 0))
                all.TrueForAll(w =>
                        w.Written.Facts.Count > 0 || Could(w.Stream, 0) || (call.Kind == Kind.WriteManyOrBeRefused && Could(w.Stream, null))
                    )
                    .ShouldBeTrue($"{why}: only a part of it is recorded");
        }
        else
            foreach (var ((stream, (at, facts)), result) in all.Zip(outcome.Results))
            {
                result.Events.ShouldBe(facts, $"{why}: acknowledged events must be in the log");
                if (result.Refused is not null)
                    (call.Message is null ? [stream] : call.Streams)
                        .Any(s => Could(s, null))
                        .ShouldBeTrue($"{why}: no state during the step refuses it");
                else if (call.Blind(stream))
                    result.Version.ShouldBe(0, why);
                else if (facts.Count > 0)
                    (result.Version, call.Kind == Kind.Write ? call.ExpectedVersion(before) ?? at : at).ShouldBe(
                        (at + facts.Count, at),
                        why
                    );
                else
                    Now(stream)
                        .Any(v =>
                            v == result.Version
                            && call.Decide(number, stream, StateAt(stream, v)) is { Length: 0 }
                            && (call.Kind != Kind.Write || (call.ExpectedVersion(before) ?? v) == v)
                        )
                        .ShouldBeTrue($"{why}: no state during the step decides to do nothing");
            }

        IEnumerable<int> Now(int stream) => Enumerable.Range(before[stream], model[stream].Count - before[stream] + 1);
        bool Could(int stream, int? facts) => Now(stream).Any(v => call.Decide(number, stream, StateAt(stream, v))?.Length == facts);
        (int At, IReadOnlyList<object> Facts) Written(int stream) =>
            (model[stream].FindIndex(f => Call.NumberOf(f) == number), model[stream].FindAll(f => Call.NumberOf(f) == number));
    }

    Basket StateAt(int stream, int version) =>
        model[stream].Take(version).OfType<IBasketEvent>().Aggregate(Basket.Initial, (state, fact) => state.Evolve(fact));

    /// <summary>When the followers have caught up, views and subscription hold what the model holds.</summary>
    public async Task CheckFollowers(IEnumerable<Guid> slowStreams, Recorder recorder, NpgsqlConnection admin)
    {
        Guid[] all = [.. streams, .. slowStreams];
        var log = (
            await admin.QueryAsync<(long Sequence, Guid Stream, long Version)>(
                "select seq_id, stream_id, version from mt_events where stream_id = any(@all) order by 1",
                new { all }
            )
        ).ToList();
        foreach (var stream in log.GroupBy(e => e.Stream))
            stream
                .Select(e => e.Version)
                .ShouldBe(Enumerable.Range(1, stream.Count()).Select(v => (long)v), "the versions of a stream, in the order of the log");
        recorder
            .Seen.Where(e => all.Contains(e.StreamId))
            .DistinctBy(e => e.Id)
            .Select(e => (e.Sequence, e.StreamId, e.Version))
            .ShouldBe(log, "what the subscription has seen, where it saw it first");
        (await admin.QueryAsync<(Guid, long)>("select id, version from mt_streams where id = any(@streams)", new { streams }))
            .Order()
            .ShouldBe(streams.Zip(model.Select(m => (long)m.Count)).Where(s => s.Second > 0).Order(), "the rows of the streams");
        foreach (var table in new[] { "counts_inline", "counts_async" })
            (
                await admin.QueryAsync<(Guid, int, int)>(
                    $"select id, items, events from read.{table} where id = any(@streams)",
                    new { streams }
                )
            )
                .Order()
                .ShouldBe(
                    streams
                        .Zip(model, (id, facts) => (id, facts.OfType<ItemAdded>().Sum(f => f.Quantity), facts.OfType<ItemAdded>().Count()))
                        .Where(s => s.Item3 > 0)
                        .Order(),
                    table
                );
        // If one call comes before another in one stream, it does so in all streams that both have written.
        var places = model
            .Select(facts => facts.Select(Call.NumberOf).Distinct().Select((n, at) => (n, at)).ToDictionary(p => p.n, p => p.at))
            .ToArray();
        foreach (var (a, b) in places.SelectMany(p => p.Keys.SelectMany(a => p.Keys.Select(b => (a, b)))).Distinct())
            places
                .Where(p => p.ContainsKey(a) && p.ContainsKey(b))
                .Select(p => Math.Sign(p[a] - p[b]))
                .Distinct()
                .Count()
                .ShouldBe(1, $"{a} and {b}: one before the other");
    }

    static IEnumerable<Guid> Ids(int count) => Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7());
}
