using System.Text;
using CrmPlatform.Csv;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>What is written by RFC 4180 is read as it was, whatever the fields hold and wherever buffers end.</summary>
public class CsvProperties
{
    static readonly Gen<string> fields = Gen.Elements('a', 'ü', '王', ',', ';', '"', '\n', ' ').ArrayOf().Select(c => new string(c));

    static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static List<CsvRecord> Read(string text, int piece, bool lineBreaks = true)
    {
        using var stream = new Pieces(Encoding.UTF8.GetBytes(text), piece);
        var lines = new TextLines(new DecodedText(stream, DecodedText.Strict(null)!), CsvRecords.MostCharacters);
        var records = new CsvRecords(lines, ',', lineBreaks);
        var found = new List<CsvRecord>();
        while (records.Next(default).AsTask().GetAwaiter().GetResult() is { } record)
            found.Add(record);
        return found;
    }

    [Fact]
    public void fields_are_read_as_they_were_written() =>
        Prop.ForAll(
                fields.ArrayOf(3).ArrayOf().ToArbitrary(),
                Gen.Elements("\n", "\r\n", "\r").ToArbitrary(),
                Gen.Choose(1, 7).ToArbitrary(),
                (records, end, piece) =>
                {
                    // A field that is quoted keeps its line breaks as LF; the ends of records are any.
                    var text = string.Concat(records.Select(r => string.Join(',', r.Select(Quoted)) + end));
                    var read = Read(text, piece);
                    read.Select(r => r.Fault).ShouldAllBe(f => f == null);
                    read.Select(r => string.Join('|', r.Fields!)).ShouldBe(records.Select(r => string.Join('|', r)));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void any_text_is_read_to_its_end_and_a_fault_costs_its_own_line() =>
        Prop.ForAll(
                fields.ArrayOf().Select(parts => string.Join('\n', parts)).ToArbitrary(),
                Gen.Choose(1, 7).ToArbitrary(),
                (text, piece) =>
                {
                    var lines = text.Split('\n')
                        .Select((line, i) => (Line: line, Number: i + 1L))
                        .Where(l => !string.IsNullOrWhiteSpace(l.Line));
                    Read(text, piece, lineBreaks: false).Select(r => r.Line).ShouldBe(lines.Select(l => l.Number));
                    Read(text + "\nlast,line", piece)[^1].Line.ShouldBeGreaterThan(0);
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>A stream that gives a few bytes at a time.</summary>
    sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
