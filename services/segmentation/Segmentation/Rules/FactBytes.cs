using System.Buffers;

namespace CrmPlatform.Segmentation.Rules;

/// <summary>
/// The facts of a customer in few bytes, so that those of a million customers can be read within a second or two: words as numbers of a
/// small table, instants as distances.
/// </summary>
static class FactBytes
{
    const byte Version = 1;

    public static byte[] Write(CustomerFacts facts)
    {
        using var memory = new MemoryStream(64 + facts.Facts.Count * 16 + facts.Lines.Count * 8);
        using var bytes = new BinaryWriter(memory);
        var words = new List<ulong>();
        var numbers = new Dictionary<ulong, int>();
        foreach (var f in facts.Facts)
            Number(f.Key, f.A, f.B, f.C);
        foreach (var o in facts.Orders)
            Number(o.Key, o.Channel);
        foreach (var l in facts.Lines)
            Number(l.Category, l.Brand, l.Product);
        foreach (var r in facts.Returns)
            Number(r.Order, r.Category);

        bytes.Write(Version);
        bytes.Write7BitEncodedInt(words.Count);
        foreach (var word in words)
            bytes.Write(word);
        bytes.Write7BitEncodedInt64(facts.Since);
        bytes.Write7BitEncodedInt(facts.Facts.Count);
        foreach (var f in facts.Facts)
        {
            bytes.Write((byte)f.Kind);
            Span(f.From, f.Until);
            bytes.Write7BitEncodedInt64(f.Amount);
            Words(f.Key, f.A, f.B, f.C);
        }
        bytes.Write7BitEncodedInt(facts.Orders.Count);
        foreach (var o in facts.Orders)
        {
            Span(o.At, o.Until);
            bytes.Write7BitEncodedInt64(o.Net);
            Words(o.Key, o.Channel);
            bytes.Write7BitEncodedInt(o.FirstLine);
            bytes.Write7BitEncodedInt(o.Lines);
        }
        bytes.Write7BitEncodedInt(facts.Lines.Count);
        foreach (var l in facts.Lines)
        {
            Words(l.Category, l.Brand, l.Product);
            bytes.Write7BitEncodedInt64(l.Net);
            bytes.Write(l.Discounted);
        }
        bytes.Write7BitEncodedInt(facts.Returns.Count);
        foreach (var r in facts.Returns)
        {
            Words(r.Order, r.Category);
            bytes.Write7BitEncodedInt64(r.At);
            bytes.Write7BitEncodedInt64(r.Net);
        }
        bytes.Flush();
        return memory.ToArray();

        void Number(params ReadOnlySpan<ulong> some)
        {
            foreach (var word in some)
                if (word != FactCode.None && numbers.TryAdd(word, words.Count + 1))
                    words.Add(word);
        }

        void Words(params ReadOnlySpan<ulong> some)
        {
            foreach (var word in some)
                bytes.Write7BitEncodedInt(word == FactCode.None ? 0 : numbers[word]);
        }

        void Span(long from, long until)
        {
            bytes.Write7BitEncodedInt64(from);
            bytes.Write7BitEncodedInt64(until == Instant.Never ? 0 : until - from + 1);
        }
    }

    /// <summary>Reads into facts that may have been used before: nothing is allocated once they are large enough.</summary>
    /// <param name="kinds">Only facts of these kinds, as bits; orders are read in any case.</param>
    /// <exception cref="InvalidDataException">Bytes of another version.</exception>
    public static void Read(ReadOnlySpan<byte> stored, CustomerFacts facts, ulong kinds = ulong.MaxValue)
    {
        facts.Clear();
        var bytes = new ByteReader(stored);
        if (bytes.Byte() != Version)
            throw new InvalidDataException("The facts were stored by another version.");
        var rented = ArrayPool<ulong>.Shared.Rent((int)bytes.Number() is var count && count >= 0 ? count + 1 : 1);
        try
        {
            rented[0] = FactCode.None;
            for (var i = 1; i <= count; i++)
                rented[i] = bytes.Word();
            facts.Since = bytes.Number();
            for (var left = bytes.Number(); left > 0; left--)
            {
                var kind = (FactKind)bytes.Byte();
                var (from, until) = bytes.Span();
                var amount = bytes.Number();
                var (key, a) = (rented[bytes.Number()], rented[bytes.Number()]);
                var (b, c) = (rented[bytes.Number()], rented[bytes.Number()]);
                if ((kinds & (1UL << (int)kind)) != 0)
                    facts.Facts.Add(new(kind, from, until, key, amount, a, b, c, 0));
            }
            for (var left = bytes.Number(); left > 0; left--)
            {
                var (from, until) = bytes.Span();
                var net = bytes.Number();
                var (key, channel) = (rented[bytes.Number()], rented[bytes.Number()]);
                facts.Orders.Add(new(from, until, key, net, channel, (int)bytes.Number(), (int)bytes.Number(), 0));
            }
            for (var left = bytes.Number(); left > 0; left--)
            {
                var (category, brand, product) = (rented[bytes.Number()], rented[bytes.Number()], rented[bytes.Number()]);
                facts.Lines.Add(new(category, brand, product, bytes.Number(), bytes.Byte() != 0));
            }
            for (var left = bytes.Number(); left > 0; left--)
            {
                var (order, category) = (rented[bytes.Number()], rented[bytes.Number()]);
                facts.Returns.Add(new(order, bytes.Number(), bytes.Number(), category, 0));
            }
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    ref struct ByteReader(ReadOnlySpan<byte> bytes)
    {
        readonly ReadOnlySpan<byte> bytes = bytes;
        int at;

        public byte Byte() => bytes[at++];

        public ulong Word()
        {
            var word = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
            at += sizeof(ulong);
            return word;
        }

        /// <summary>As <see cref="BinaryWriter.Write7BitEncodedInt64"/> writes it.</summary>
        public long Number()
        {
            var (number, shift) = (0UL, 0);
            byte next;
            do
            {
                next = bytes[at++];
                number |= (ulong)(next & 0x7F) << shift;
                shift += 7;
            } while (next >= 0x80);
            return (long)number;
        }

        public (long From, long Until) Span()
        {
            var from = Number();
            var length = Number();
            return (from, length == 0 ? Instant.Never : from + length - 1);
        }
    }
}
