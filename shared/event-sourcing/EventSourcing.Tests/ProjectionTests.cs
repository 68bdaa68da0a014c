namespace CrmPlatform.EventSourcing.Tests;

/// <summary>A projection gets the events that it registers handlers for; wrong handlers are refused at start-up.</summary>
public sealed class ProjectionTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    interface IUnheardOf;

    [Fact]
    public void a_projection_of_no_registered_event_is_refused_at_start()
    {
        Refused(on => on.On<string>((_, _, _) => { }))
            .ShouldBe(
                "projection 'view' handles String, which no registered event is; expected a registered event, or an interface of some"
            );
        Refused(on => on.On<ItemAdded>((_, _, _) => { }).OnPage<IUnheardOf>((_, _) => { })).ShouldContain("'view' handles IUnheardOf");
    }

    [Fact]
    public void a_second_handler_for_an_event_is_refused_at_start()
    {
        Refused(on => on.On<ItemAdded>((_, _, _) => { }).On<ItemAdded>((_, _, _) => { }))
            .ShouldBe("projection 'view' handles ItemAdded a second time, as ItemAdded; expected one handler for an event");
        Refused(on => on.On<PaymentTaken>((_, _, _) => { }).OnPage<IBasketEvent>((_, _) => { }))
            .ShouldContain("handles PaymentTaken a second time, as IBasketEvent");
    }

    [Fact]
    public void a_projection_without_a_handler_is_refused_at_start() =>
        Refused(_ => { }).ShouldBe("projection 'view' registers no handler; expected On, OnPage or OnFold for at least one event");

    [Fact]
    public void an_inline_projection_that_folds_is_refused_at_start()
    {
        var folds = new View(on => on.OnFold<ItemAdded>((_, _, _, _) => Task.CompletedTask));
        Should
            .Throw<InvalidOperationException>(() => fixture.Store(o => o.Inline(folds)))
            .Message.ShouldBe("projection 'view' folds ItemAdded and is inline; expected On or OnPage, or an async projection");
        Should.NotThrow(() => fixture.Store(o => o.Async(folds)));
    }

    [Fact]
    public void a_subscription_to_no_registered_event_is_refused_at_start() =>
        Should
            .Throw<InvalidOperationException>(() => fixture.Run(fixture.Store(o => o.Subscribe(new Chosen(typeof(IUnheardOf))))))
            .Message.ShouldBe(
                "subscription 'chosen' handles IUnheardOf, which no registered event is; "
                    + "expected a registered event, or an interface of some"
            );

    [Fact]
    public async Task a_handler_of_an_interface_gets_its_events_and_no_others()
    {
        var (seen, chosen) = (new List<RecordedEvent>(), new Chosen(typeof(IBasketEvent)));
        var view = new View(on => on.OnPage<IBasketEvent>((page, _) => seen.AddRange(page)));
        var store = fixture.Store(o => o.Async(view).Subscribe(chosen));
        await using var daemon = await fixture.Run(store);
        var (unreadable, basket) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Scalar<int>(
            """
            with stream as (insert into mt_streams (id, version) values (@unreadable, 1))
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('mt_events_sequence'), gen_random_uuid(), @unreadable, 1, '7', 'noted', now()) returning 1
            """,
            new { unreadable }
        );
        await store.Write(new(TimeProvider.System), Basket.Of(basket), _ => [new ItemAdded("pear", 1), new PaymentTaken(9)]);
        await daemon.CatchUp();
        seen.Where(e => e.StreamId == basket).Select(e => e.Data).ShouldBe([new ItemAdded("pear", 1), new PaymentTaken(9)]);
        chosen.Seen.ShouldBe(seen);
    }

    [Fact]
    public async Task inline_handlers_get_the_events_of_a_transaction_in_order()
    {
        var calls = new List<string>();
        var view = new View(on =>
            on.OnPage<PaymentTaken>((page, _) => calls.Add("paid " + string.Join(' ', page.Select(e => ((PaymentTaken)e.Data).Amount))))
                .On<ItemAdded>((added, e, _) => calls.Add($"{added.Item} {e.Version}"))
        );
        var store = fixture.Store(o => o.Inline(view));
        var basket = Guid.CreateVersion7();
        await store.Write(
            new(TimeProvider.System),
            Basket.Of(basket),
            _ => [new PaymentTaken(1), new ItemAdded("pear", 1), new PaymentTaken(2), new ItemAdded("plum", 1)]
        );
        await store.Execute([Write.Append(Basket.Of(Guid.CreateVersion7()), new ItemAdded("blind", 1))]);
        calls.ShouldBe(
            ["pear 2", "plum 4", "paid 1 2"],
            "page handlers run after handlers of single events, once; blind appends are left out"
        );
    }

    string Refused(Action<EventHandlers> register) =>
        Should.Throw<InvalidOperationException>(() => fixture.Store(o => o.Async(new View(register)))).Message;

    sealed class View(Action<EventHandlers> register) : IProjection
    {
        public string Name => "view";
        public string Ddl => "";

        public void Register(EventHandlers on) => register(on);
    }

    sealed class Chosen(Type wanted) : ISubscription
    {
        readonly Recorder recorder = new();

        public string Name => "chosen";
        public IReadOnlySet<Type>? Handles => new HashSet<Type> { wanted };
        public IReadOnlyList<RecordedEvent> Seen => recorder.Seen;

        public Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct) => recorder.Process(page, ct);
    }
}
