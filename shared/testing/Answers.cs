namespace CrmPlatform.Testing;

/// <summary>Waits for some of many requests.</summary>
public static class Answers
{
    /// <summary>Returns when this many have been answered; the others may still wait.</summary>
    /// <exception cref="OperationCanceledException">It took more than a minute.</exception>
    public static async Task First(int count, IReadOnlyList<Task<HttpResponseMessage>> asked)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await foreach (var _ in Task.WhenEach(asked).WithCancellation(patience.Token))
            if (--count == 0)
                return;
    }
}
