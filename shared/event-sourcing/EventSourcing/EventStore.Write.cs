namespace CrmPlatform.EventSourcing;

/// <summary>A command about one stream or several.</summary>
public sealed partial class EventStore
{
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
}
