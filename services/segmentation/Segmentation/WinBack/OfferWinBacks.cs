using CrmPlatform.Segmentation.Churn;

namespace CrmPlatform.Segmentation.WinBack;

/// <summary>
/// Makes the offers of the plans that were launched, dated at the launch, in the streams of those who are treated. Of those who are held
/// out nothing is recorded but that they are.
/// </summary>
public sealed class OfferWinBacks(SegmentationOptions options) : IDueWork
{
    const int AtOnce = 2_000;

    public string Name => "offer-win-backs";
    public TimeSpan Every => options.ChurnEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from due in await connection.QueryAsync<(Guid Customer, Guid Plan, string Offer, int Days, DateTimeOffset At)>(
            new CommandDefinition(
                """
                select c.customer_id, p.plan_id, p.offer, p.window_days, p.launched_at
                from win_back_plans p join win_back_customers c using (plan_id)
                where p.status = 'Launched' and not c.held and c.offered_at is null limit @AtOnce
                """,
                new { AtOnce },
                cancellationToken: ct
            )
        )
        select Write.To(
            CustomerChurn.Of(due.Customer),
            churn =>
                churn.Erased || churn.Offers.Any(o => o.PlanId == due.Plan)
                    ? []
                    : new IChurnEvent[] { new WinBackOffered(due.Customer, due.Plan, due.Offer, due.At.AddDays(due.Days), due.At) }
        );
}
