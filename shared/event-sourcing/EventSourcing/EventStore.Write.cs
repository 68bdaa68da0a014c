namespace CrmPlatform.EventSourcing;

/// <summary>Commands about one stream or several, and many of them in one transaction.</summary>
public sealed partial class EventStore
{
    const int TooManyToShare = 16;

    /// <summary>
    /// Loads, decides, appends, runs the inline projections and commits. After a conflict it retries with the streams' rows locked, so
    /// every command ends in success or is refused by a rule; only with an expected version a conflict may end in an exception.
    /// </summary>
    /// <exception cref="RuleViolationException">Thrown by the decision; nothing is recorded.</exception>
    /// <exception cref="StaleVersionException">The first stream is not at the version of <see cref="Request.IfMatch"/>.</exception>
    public async Task<WriteResult> Write(Request request, Write write) =>
        (
            await Execute(
                new Command([write], request.Cancelled)
                {
                    Metadata = request.Metadata,
                    ExpectedVersion = request.IfMatch,
                    Alongside = request.Key is { } key ? (results, sql) => key(results[0], sql) : null,
                }
            )
        )[0];

    /// <inheritdoc cref="Write(Request, EventSourcing.Write)"/>
    public Task<WriteResult> Write<TS, TE>(Request request, Stream<TS, TE> stream, Func<TS, TE[]> decide) =>
        Write(request, EventSourcing.Write.To(stream, decide));

    /// <inheritdoc cref="Write(Request, EventSourcing.Write)"/>
    public Task<WriteResult> Write<TS1, TE1, TS2, TE2>(
        Request request,
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>> decide
    ) => Write(request, EventSourcing.Write.To(first, second, decide));

    /// <inheritdoc cref="Write(Request, EventSourcing.Write)"/>
    public Task<WriteResult> Write<TS1, TE1, TS2, TE2, TS3, TE3>(
        Request request,
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        Stream<TS3, TE3> third,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>, Loaded<TS3, TE3>> decide
    ) => Write(request, EventSourcing.Write.To(first, second, third, decide));

    /// <inheritdoc cref="Write(Request, EventSourcing.Write)"/>
    public Task<WriteResult> Write<TS1, TE1, TS2, TE2, TS3, TE3, TS4, TE4>(
        Request request,
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        Stream<TS3, TE3> third,
        Stream<TS4, TE4> fourth,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>, Loaded<TS3, TE3>, Loaded<TS4, TE4>> decide
    ) => Write(request, EventSourcing.Write.To(first, second, third, fourth, decide));

    /// <summary>
    /// Many decisions in one transaction and one append. Streams that must be loaded are locked in the order of their ids, so that
    /// transactions never deadlock.
    /// </summary>
    /// <param name="writes">Each may answer to a message of its own (<see cref="EventSourcing.Write.ButOnce"/>).</param>
    /// <param name="alongside">Adds statements that commit with them.</param>
    public Task<IReadOnlyList<WriteResult>> Execute(
        IReadOnlyList<Write> writes,
        Action<SqlBatch>? alongside = null,
        CancellationToken ct = default
    ) => Execute(new Command(writes, ct) { Alongside = alongside is null ? null : (_, sql) => alongside(sql) });

    /// <summary>
    /// Many decisions of one request in one transaction, as an import makes them. The request's idempotency key and expected version are
    /// not used: they belong to single commands.
    /// </summary>
    /// <param name="refusalsAsResults">
    /// False: the first refusal is thrown and nothing is recorded. True: a refused write is left out, and its result holds the refusal.
    /// </param>
    public Task<IReadOnlyList<WriteResult>> Execute(Request request, IReadOnlyList<Write> writes, bool refusalsAsResults = false) =>
        Execute(new Command(writes, request.Cancelled) { Metadata = request.Metadata, RefusalsAsResults = refusalsAsResults });

    async Task<IReadOnlyList<WriteResult>> Execute(Command command)
    {
        if (command.Writes.Count == 0)
            return [];
        if (command.RefusalsAsResults)
            await writer.Write([command], Basis.Locked);
        else if (command.Streams.Count > TooManyToShare)
            await writer.Write([command]);
        else
            await groups.Write(command);
        return await command.Outcome.WaitAsync(command.Cancelled);
    }
}
