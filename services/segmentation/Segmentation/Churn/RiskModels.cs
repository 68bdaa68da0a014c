using System.Text.Json;
using CrmPlatform.Segmentation.Lifetime;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>By what churn is judged at this moment; the active model is read again only when it is another one.</summary>
public sealed class RiskModels(Business business, SegmentationOptions options)
{
    volatile RiskModel? known;

    public async Task<ChurnYardstick> Now(NpgsqlConnection connection, CancellationToken ct)
    {
        const string active = "from lifetime_models where state = 'active' order by since desc limit 1";
        var now = await connection.QuerySingleOrDefaultAsync<(Guid Id, DateTimeOffset Since)?>(
            new CommandDefinition($"select model_id, since {active}", cancellationToken: ct)
        );
        if (now is null)
            known = null;
        else if (known?.Id != now.Value.Id)
        {
            var computed = await connection.QuerySingleAsync<string>(
                new CommandDefinition(
                    "select computed::text from lifetime_models where model_id = @Id",
                    new { now.Value.Id },
                    cancellationToken: ct
                )
            );
            var fit = JsonSerializer.Deserialize<ModelComputed>(computed, EventStoreOptions.Json)!;
            known = new(now.Value.Id, fit.Purchases.Model, now.Value.Since);
        }
        return new(options.Lifecycle, business, known);
    }
}
