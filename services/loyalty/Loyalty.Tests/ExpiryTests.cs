using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>A room of its own: its clock is moved.</summary>
public class ExpiryTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task points_expire_once_at_their_own_instant_however_late_the_clock_is()
    {
        var customer = await room.Customer(100, 50);
        var redeemed = await room.Redeem(customer, 30);
        redeemed.EnsureSuccessStatusCode();
        (await room.RunDue<PassTime>()).ShouldBe(0);

        room.Clock.Advance(TimeSpan.FromDays(3 * 365));
        (await room.Balance(customer)).ShouldBe(0, "nobody has written it down yet");
        await Task.WhenAll(room.RunDue<PassTime>(), room.RunDue<PassTime>());
        (await room.RunDue<PassTime>()).ShouldBe(0);

        var expired = (await room.Store.FetchStream(customer)).Select(e => e.Data).OfType<PointsExpired>().ToArray();
        expired.Select(e => e.Points).ShouldBe([70, 50]);
        var (account, _) = await room.Store.Read(LoyaltyAccount.Of(customer));
        expired.Select(e => e.OccurredAt).ShouldBe(account.Lots.Values.Select(l => l.ExpiresAt).Order());
        (account.Balance, await room.Balance(customer)).ShouldBe((0, 0));

        room.Clock.Advance(TimeSpan.FromDays(-1));
        (await room.RunDue<PassTime>()).ShouldBe(0, "a clock that jumps back expires nothing twice and brings nothing back");
        (await room.Balance(customer)).ShouldBe(0);
    }

    [Fact]
    public async Task what_is_due_and_cannot_be_decided_keeps_no_other_waiting()
    {
        var (one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var work = new Poisoned([one, Guid.CreateVersion7(), two]);
        (await room.Services.GetRequiredService<DueRunner>().Run(work)).ShouldBe(4);
        foreach (var id in new[] { one, two, NameId.For("with", one.ToString()), NameId.For("with", two.ToString()) })
            (await room.Store.FetchStream(id)).Count.ShouldBe(1);
        foreach (var id in new[] { work.Streams[1], NameId.For("with", work.Streams[1].ToString()) })
            (await room.Store.FetchStream(id)).ShouldBeEmpty("what is due at once stands or falls together");
    }

    sealed record Poisoned(Guid[] Streams) : IDueWork
    {
        public string Name => "poisoned";
        public TimeSpan Every => TimeSpan.FromHours(1);

        public Task<IEnumerable<CrmPlatform.EventSourcing.Write>> Due(
            Npgsql.NpgsqlConnection connection,
            DateTimeOffset now,
            CancellationToken ct
        ) =>
            Task.FromResult(
                Streams.Select(stream =>
                    CrmPlatform.EventSourcing.Write.To(
                        LoyaltyAccount.Of(NameId.For("with", stream.ToString())),
                        LoyaltyAccount.Of(stream),
                        (with, account) =>
                        {
                            with.Append(OpenAccount.Decide(with.State, Given.Rules(), now));
                            if (stream == Streams[1])
                                throw new FormatException("a bug");
                            account.Append(OpenAccount.Decide(account.State, Given.Rules(), now));
                        }
                    )
                )
            );
    }

    [Fact]
    public async Task views_built_anew_equal_the_live_ones()
    {
        var customer = await room.Customer(700, 50, 20);
        var redemption = await room.Redeem(customer, 300);
        await room.Everything.PostAsync($"{redemption.Headers.Location}/cancel", null);
        await room.Redeem(customer, 120);
        await room.CatchUp();
        var before = await Contents();
        foreach (var projection in new[] { "ledger", "statement" })
            await room.Daemon.Rebuild(projection);
        (await Contents()).ShouldBe(before);

        async Task<string[]> Contents()
        {
            var all = new List<string>();
            foreach (var table in new[] { "ledger_account", "ledger_lot", "ledger_redemption", "ledger_adjustment", "statement_entry" })
            {
                await using var command = room.Db.CreateCommand($"select t::text from {table} t order by 1");
                await using var rows = await command.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                    all.Add($"{table} {rows.GetString(0)}");
            }
            return [.. all];
        }
    }
}
