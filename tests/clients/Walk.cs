using System.Net.Http.Headers;
using Crm;

/// <summary>From a token to a portrait, with a client that NSwag made of the gateway's /openapi/v1.json.</summary>
public static class Walk
{
    public static async Task<PortraitsPortrait> Run(Uri gateway, string clientId, string clientSecret, string number, string currency)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        var token = await new GatewayClient(http).IssueTokenAsync(
            new()
            {
                Grant_type = TokenRequestGrant_type.Client_credentials,
                Client_id = clientId,
                Client_secret = clientSecret,
            }
        );
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Access_token);

        var customers = new CustomersClient(http);
        var registered = await customers.RegisterCustomerAsync(
            idempotency_Key: null,
            if_Match: null,
            new()
            {
                Kind = CustomersCustomerKind.Individual,
                Profile = new() { Name = "王小明" },
                ExternalIds = [new() { System = "web", Value = number }],
            }
        );
        await customers.RecordPurchaseAsync(
            idempotency_Key: null,
            if_Match: null,
            new()
            {
                Source = "web",
                OrderNumber = $"A-{number}",
                Channel = "online",
                Currency = currency,
                OccurredAt = DateTimeOffset.UtcNow.AddDays(-1),
                CustomerId = registered.Id,
                Lines =
                [
                    new()
                    {
                        ProductId = "tea",
                        Quantity = 1,
                        Net = 19.90m,
                    },
                ],
            }
        );

        var portraits = new PortraitsClient(http);
        for (var tries = 0; ; tries++)
        {
            // What happened reaches the portrait through the broker.
            await Task.Delay(100);
            try
            {
                var portrait = await portraits.GetPortraitAsync(registered.Id, asOf: null, knownAt: null, include: null);
                if (portrait.Behaviour.NetRevenue is not null || tries > 300)
                    return portrait;
            }
            catch (ApiException e) when (e.StatusCode == 503 && tries <= 300)
            {
                // A service that portraits asks was away for a moment (context-away): try again.
            }
        }
    }
}
