using CrmPlatform.ServiceDesk.Customers;

namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>Who was forgotten is nobody's customer any more and takes no place of an agent.</summary>
public sealed class ReleaseForgotten(IServiceProvider services, TimeProvider clock) : ISubscription
{
    public string Name => "release-forgotten";

    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(PersonalDataErased) };

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        // The store is made with its subscriptions: it is there when the first page comes, not before.
        var store = services.GetRequiredService<EventStore>();
        foreach (var erased in page.Select(e => e.Data).OfType<PersonalDataErased>())
        {
            var request = new Request(clock, ct);
            await DedicateAgent.Write(
                store,
                request,
                erased.Person,
                [],
                (dedication, _) => DedicateAgent.Release(erased.Person, dedication, request.Now)
            );
        }
    }
}
