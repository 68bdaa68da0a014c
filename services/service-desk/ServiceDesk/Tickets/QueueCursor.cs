using System.Buffers.Text;
using System.Text.Json;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>The last ticket of a page of the queue, and the moment for which its risks were computed.</summary>
sealed record QueueCursor(DateTimeOffset Now, int Risk, int Rank, DateTimeOffset OpenedAt, Guid Id)
{
    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, EventStoreOptions.Json));

    public static QueueCursor? Parse(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<QueueCursor>(Base64Url.DecodeFromChars(text), EventStoreOptions.Json);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new BadRequestException("after", "the value of 'next' in the previous page");
        }
    }
}
