namespace CrmPlatform.Customers.Groups;

/// <summary>Since it was read who is in a group, that has changed: read it again.</summary>
public sealed class GroupChangedException() : Exception("The group has changed meanwhile.")
{
    const int Attempts = 50;

    /// <summary>Reads who is in which group and decides, again and again until no group changes meanwhile.</summary>
    public static async Task<T> Again<T>(Func<Task<T>> decide)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await decide();
            }
            catch (GroupChangedException) when (attempt < Attempts)
            {
                await Task.Delay(Random.Shared.Next(1, 2 + attempt));
            }
    }
}
