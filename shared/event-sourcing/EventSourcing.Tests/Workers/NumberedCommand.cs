namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// A command that its number alone describes: whoever sends it again sends the same. Each of its facts carries the number.
/// </summary>
sealed class NumberedCommand
{
    /// <summary>Lower numbers are nobody's command.</summary>
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

    /// <summary>The message behind it; a command without one must not be sent again.</summary>
    public Guid? Message { get; }

    public IEnumerable<Guid> Streams => noted ? [.. baskets, Journal] : baskets;

    Guid Own => new(number, 1, 0, new byte[8]);
    Guid Journal => new(number % Hot, 2, 0, new byte[8]);

    public Task Execute(EventStore store)
    {
        // Two by two, as one decision: so streams are decided on alone and together.
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

        // A stream of its own has room for this command only: where it comes again, its rule would refuse it.
        IBasketEvent[] Add(Basket basket, Guid id) => basket.Add(number % 3 + 1, id == Own ? number % 3 + 1 : int.MaxValue, $"{number}");
    }
}
