namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// A command that follows entirely from its number, so it can be sent again from any process. Each of its events carries the number.
/// </summary>
sealed class NumberedCommand
{
    /// <summary>Lower numbers are not commands.</summary>
    public const int First = 1_000_000;
    const int Hot = 4,
        Warm = 24;

    readonly int number;
    readonly bool asImport,
        noted;
    readonly Guid[] baskets;

    public NumberedCommand(int number)
    {
        this.number = number;
        var random = new Random(number);
        var kind = random.Next(10);
        baskets = kind switch
        {
            0 => [Own],
            < 4 => [.. Enumerable.Range(0, Warm).Where(_ => random.Next(3) == 0).Select(Basket).Append(Own)],
            _ => [Basket(random.Next(Hot))],
        };
        noted = kind == 4;
        asImport = kind == 1;
        if (random.Next(4) > 0)
            Message = new(number, 0, 0, new byte[8]);

        static Guid Basket(int n) => new(n, 0, 0, new byte[8]);
    }

    /// <summary>The message that it answers to. A command without one must not be sent again.</summary>
    public Guid? Message { get; }

    public IEnumerable<Guid> Streams => noted ? [.. baskets, Journal] : baskets;

    Guid Own => new(number, 1, 0, new byte[8]);
    Guid Journal => new(number % Hot, 2, 0, new byte[8]);

    public Task Execute(EventStore store)
    {
        // Every two streams are one decision, so there are decisions about one stream and about two.
        var writes = baskets
            .Chunk(2)
            .Select(pair =>
                pair is [var one, var other]
                    ? Write
                        .To(
                            Tests.Basket.Of(one),
                            Tests.Basket.Of(other),
                            (a, b) =>
                            {
                                a.Append(Add(a.State, one));
                                b.Append(Add(b.State, other));
                            }
                        )
                        .ButOnce(Message)
                    : Write.To(Tests.Basket.Of(pair[0]), b => Add(b, pair[0])).ButOnce(Message)
            );
        if (noted)
            writes = writes.Append(Write.Append(Tests.Journal.Of(Journal), new Noted(number)).ButOnce(Message));
        return store.Execute(new(TimeProvider.System), [.. writes], refusalsAsResults: asImport);

        // The command's own stream has room for it only once: without its message id, a repetition would be refused.
        IBasketEvent[] Add(Basket basket, Guid id) => basket.Add(number % 3 + 1, id == Own ? number % 3 + 1 : int.MaxValue, $"{number}");
    }
}
