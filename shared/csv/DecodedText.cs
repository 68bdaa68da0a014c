using System.Text;

namespace CrmPlatform.Csv;

/// <summary>
/// Decodes a stream strictly: what is not text of the charset is an error with its offset, never a replacement character.
/// </summary>
public sealed class DecodedText(Stream stream, Encoding encoding)
{
    const int BufferSize = 16_384;

    /// <summary>Names of charsets that a caller may give; without one, text is UTF-8.</summary>
    public static IReadOnlyList<string> Charsets { get; } =
    ["utf-8", "utf-16", "gb18030", "big5", "shift_jis", "windows-1252", "iso-8859-1", "macintosh"];

    readonly Decoder decoder = encoding.GetDecoder();
    readonly byte[] bytes = new byte[BufferSize];
    readonly char[] chars = new char[encoding.GetMaxCharCount(BufferSize)];
    long decoded;
    int at,
        filled;
    bool begun,
        ended;

    /// <summary>The encoding of this name, which fails on what it cannot decode; null for a charset that is not supported.</summary>
    public static Encoding? Strict(string? charset)
    {
        var name = charset?.ToLowerInvariant() switch
        {
            null or "" or "utf8" => "utf-8",
            // Both are subsets of GB18030.
            "gbk" or "gb2312" => "gb18030",
            var given => given,
        };
        if (!Charsets.Contains(name))
            return null;
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
    }

    /// <summary>The next character without reading it; -1 at the end.</summary>
    /// <exception cref="UndecodableException">The bytes are no text of the charset.</exception>
    public ValueTask<int> Peek(CancellationToken ct) =>
        at < filled ? new(chars[at])
        : ended ? new(-1)
        : Filled(ct);

    /// <summary>The characters that are decoded already; <see cref="Advance"/> tells how many of them were read.</summary>
    public ReadOnlySpan<char> Ready => chars.AsSpan(at, filled - at);

    public void Advance(int count) => at += count;

    async ValueTask<int> Filled(CancellationToken ct)
    {
        (at, filled) = (0, 0);
        while (filled == 0 && !ended)
        {
            var read = await stream.ReadAsync(bytes, ct);
            ended = read == 0;
            try
            {
                filled = decoder.GetChars(bytes, 0, read, chars, 0, flush: ended);
            }
            catch (DecoderFallbackException e)
            {
                throw new UndecodableException(encoding.WebName, Math.Max(0, decoded + e.Index));
            }
            decoded += read;
            if (!begun && filled > 0)
            {
                begun = true;
                if (chars[0] == '\uFEFF')
                    at = 1;
                if (at == filled)
                    (at, filled) = (0, 0);
            }
        }
        return at < filled ? chars[at] : -1;
    }
}

/// <param name="charset">The charset as which the bytes were read.</param>
/// <param name="offset">The first byte that cannot be decoded, counted from 0.</param>
public sealed class UndecodableException(string charset, long offset)
    : Exception($"The file is not {charset}: the byte at offset {offset} cannot be decoded.")
{
    public long Offset => offset;
}
