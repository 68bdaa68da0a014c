using System.Buffers.Text;
using System.Text.Json;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>Where a page of the queue ended, and the moment for which its risks were told.</summary>
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
            throw new BadRequestException("after", "the 'next' of the page before");
        }
    }
}
