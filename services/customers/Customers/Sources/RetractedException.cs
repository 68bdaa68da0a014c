namespace CrmPlatform.Customers.Sources;

/// <summary>What this id named was retracted. An id that was retracted does not come back: told again, it gets the next one.</summary>
/// <param name="next">The id that it has now.</param>
public sealed class RetractedException(Guid next)
    : RuleViolationException(code: "retracted", message: "It was retracted; told again, it has another id.") // for Retold, not for clients
{
    public Guid Next { get; } = next;
}

/// <summary>Writes to the stream that a number names at present: where one was retracted, to the one that came after it.</summary>
public static class Retold
{
    /// <param name="id">The id that the number gives.</param>
    /// <param name="write">Writes to the stream with an id; throws <see cref="RetractedException"/> where that was retracted.</param>
    public static async Task<T> Write<T>(Guid id, Func<Guid, Task<T>> write)
    {
        while (true)
            try
            {
                return await write(id);
            }
            catch (RetractedException e)
            {
                id = e.Next;
            }
    }

    /// <summary>The same for many writes, with refusals as results.</summary>
    public static async Task<IReadOnlyList<WriteResult>> Execute(
        EventStore store,
        Request request,
        IReadOnlyList<(Guid Id, Func<Guid, Write> To)> writes
    )
    {
        var results = (await store.Execute(request, [.. writes.Select(w => w.To(w.Id))], refusalsAsResults: true)).ToArray();
        while (Again(results) is { Count: > 0 } again)
        {
            var retold = await store.Execute(request, [.. again.Select(a => writes[a.Index].To(a.Next))], refusalsAsResults: true);
            foreach (var ((index, _), result) in again.Zip(retold))
                results[index] = result;
        }
        return results;
    }

    static List<(int Index, Guid Next)> Again(WriteResult[] results) =>
        [
            .. results
                .Select((result, index) => (Index: index, result.Refused))
                .Where(r => r.Refused is RetractedException)
                .Select(r => (r.Index, ((RetractedException)r.Refused!).Next)),
        ];
}
