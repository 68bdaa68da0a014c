namespace CrmPlatform.Customers.Quality;

/// <summary>The rules that hold, as each replica knows them: what is published here holds at once, elsewhere within a second.</summary>
public sealed class KnownRules(EventStore store, TimeProvider clock)
{
    static readonly TimeSpan remembered = TimeSpan.FromSeconds(1);
    (QualityRules Rules, long At)? known;

    public async ValueTask<QualityRules> Now(CancellationToken ct)
    {
        if (known is { } last && clock.GetElapsedTime(last.At) < remembered)
            return last.Rules;
        var at = clock.GetTimestamp();
        var (rules, _) = await store.Read(QualityRules.Stream, ct);
        known = (rules, at);
        return rules;
    }

    /// <summary>Others were published.</summary>
    public void Forget() => known = null;
}
