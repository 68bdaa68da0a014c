namespace CrmPlatform.Platform.Tests;

/// <summary>A room that only reads can be made anew, or come later: the others send it their logs again.</summary>
public sealed class ResendTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task a_room_that_lost_everything_hears_it_again_while_more_happens()
    {
        var portraits = new PortraitsRoom(shop.Vhost.Address);
        await portraits.InitializeAsync();
        try
        {
            var customers = new List<Guid>();
            for (var n = 0; n < 20; n++)
            {
                customers.Add(await shop.Register());
                for (var k = 0; k < 3; k++)
                    await shop.Buy($"{n}-{k}", customers[n]);
            }
            await Heard(80);
            var live = await portraits.States();

            await portraits.Lose();
            (await portraits.States()).ShouldBe([""]);
            var sending = shop.Resend();
            await shop.Buy("during", customers[0]);
            await sending;
            await Heard(81);
            (await portraits.States()).Except(live).Count().ShouldBe(1, "the one who bought meanwhile");

            // Said again, it changes nothing.
            live = await portraits.States();
            await shop.Resend();
            await shop.Buy("after", customers[1]);
            await Heard(82);
            (await portraits.States()).Except(live).Count().ShouldBe(1);
        }
        finally
        {
            await portraits.DisposeAsync();
        }

        async Task Heard(long entries)
        {
            for (var tries = 0; await portraits.Entries() is var heard && heard != entries; tries++)
            {
                tries.ShouldBeLessThan(600, $"{heard} of {entries}");
                await Task.Delay(50);
            }
        }
    }

    [Theory]
    [InlineData("loyalty")]
    [InlineData("nobody")]
    public async Task only_rooms_that_only_read_can_hear_again(string listener) =>
        (await shop.Ops.PostAsync($"/api/customers/ops/resends/{listener}", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
}
