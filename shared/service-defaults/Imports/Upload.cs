using CrmPlatform.Csv;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The body of an import: its type, charset and compression, each of which is known or refuses the upload.</summary>
sealed class Upload(bool csv, TextLines lines)
{
    /// <summary>After decompression.</summary>
    public const long MostBytes = 2_147_483_648;

    public const int LongestRow = 1_000_000;

    public bool IsCsv => csv;
    public TextLines Lines => lines;

    /// <summary>The upload, or the problem that refuses it (415).</summary>
    public static (Upload? Upload, IResult? Problem) Of(HttpContext http)
    {
        var known = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type);
        var csv = type?.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase) == true;
        if (!known || !(csv || type!.MediaType.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase)))
            return Refused("The Content-Type of an import must be application/x-ndjson or text/csv.", HeaderNames.ContentType);
        var charset = HeaderUtilities.RemoveQuotes(type!.Charset).ToString();
        if (DecodedText.Strict(charset) is not { } encoding)
            return Refused($"The charset must be one of {string.Join(", ", DecodedText.Charsets)}.", HeaderNames.ContentType);
        var compression = http.Request.Headers.ContentEncoding.ToString();
        if (compression is not ("" or "identity" or "gzip"))
            return Refused("The Content-Encoding must be gzip, or left out.", HeaderNames.ContentEncoding);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MostBytes;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        var body = compression == "gzip" ? new InflatedBody(http.Request.Body) : http.Request.Body;
        return (new(csv, new(new(body, encoding), csv ? CsvRecords.MostCharacters : LongestRow)), null);
    }

    static (Upload?, IResult) Refused(string detail, string header) =>
        (null, Answer.Problem(415, "unsupported-media-type", detail, header));
}
