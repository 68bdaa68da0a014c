using System.Text;

namespace CrmPlatform.Csv;

/// <summary>One line of a text.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without its end; null if the line was too long, and was skipped.</param>
public readonly record struct TextLine(long Number, string? Text);

/// <summary>
/// Reads the lines of an untrusted text. Lines end with LF, CR LF or CR; a line that is too long is skipped without being held in memory.
/// </summary>
public sealed class TextLines(DecodedText text, int longest)
{
    readonly StringBuilder line = new();
    readonly Stack<TextLine> pending = new();
    char lastEnd;

    /// <summary>How many lines were read.</summary>
    public long Read { get; private set; }

    /// <summary>Null at the end of the text.</summary>
    public async ValueTask<TextLine?> Next(CancellationToken ct)
    {
        if (pending.TryPop(out var again))
            return again;
        line.Clear();
        if (await text.Peek(ct) < 0)
            return null;
        var tooLong = false;
        while (await text.Peek(ct) >= 0)
        {
            var (length, ended) = Part(longest - line.Length, ref tooLong);
            text.Advance(length);
            if (!ended)
                continue;
            text.Advance(1);
            break;
        }
        if (lastEnd == '\r' && await text.Peek(ct) == '\n')
            text.Advance(1);
        lastEnd = '\0';
        return new(++Read, tooLong ? null : line.ToString());
    }

    /// <summary>Gives lines back, in their order: they are read again.</summary>
    public void GiveBack(IReadOnlyList<TextLine> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--)
            pending.Push(lines[i]);
    }

    (int Length, bool Ended) Part(int room, ref bool tooLong)
    {
        var ready = text.Ready;
        var end = ready.IndexOfAny('\r', '\n');
        var part = end < 0 ? ready : ready[..end];
        if (end >= 0)
            lastEnd = ready[end];
        tooLong |= part.Length > room;
        if (!tooLong)
            line.Append(part);
        return (part.Length, end >= 0);
    }
}
