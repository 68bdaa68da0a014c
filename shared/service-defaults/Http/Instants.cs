using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Instants in requests: ISO 8601 with an offset (RFC 3339), to the second at least, from 1900 to 2199. Without an offset the zone of the
/// server would decide what is meant, so that is refused.
/// </summary>
public static class Instants
{
    public const string Expected = "an instant with an offset, like 2026-05-31T12:00:00Z, from 1900 to 2199";
    const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        instant = default;
        return text is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _]
            && DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant)
            && Accepts(instant);
    }

    /// <summary>Whether an instant lies in the years that requests may name.</summary>
    public static bool Accepts(DateTimeOffset instant) => instant.UtcDateTime.Year is >= 1900 and < 2200;

    internal sealed class Converter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var instant) ? instant : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
