using System.Buffers.Text;
using System.Text.Json;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>The last ticket of a page of the queue, and the moment for which its classes were computed.</summary>
sealed record QueueCursor(DateTimeOffset Now, int Class, int Rank, DateTimeOffset OpenedAt, Guid Id)
{
    const int MostTiers = 1_000_000;

    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, EventStoreOptions.Json));

    public static QueueCursor? Parse(string? text)
    {
        if (text is null)
            return null;
        try
        {
            if (JsonSerializer.Deserialize<QueueCursor>(Base64Url.DecodeFromChars(text), EventStoreOptions.Json) is { IsOfAPage: true } of)
                return of;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw Unknown();
        }
        throw Unknown();
    }

    bool IsOfAPage =>
        Class is >= 0 and <= QueueOrder.Classes + 1
        && Rank is >= 0 and <= MostTiers
        && Instants.Accepts(Now)
        && Instants.Accepts(OpenedAt)
        && Id != Guid.Empty;

    static BadRequestException Unknown() => new("after", "the value of 'next' in the previous page");
}
