using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// A gzipped body, inflated up to the size that an upload may have: a small body may inflate to any size. <see cref="GZipStream"/> takes a
/// body that was cut off for a whole one: at the end the length is compared with the one that gzip writes last (RFC 1952, ISIZE).
/// </summary>
sealed class InflatedBody : Stream
{
    readonly LastBytes packed;
    readonly GZipStream inner;
    long read;

    public InflatedBody(Stream body) => inner = new(packed = new(body), CompressionMode.Decompress);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException) when (read == 0)
        {
            throw new BadRequestException(HeaderNames.ContentEncoding, "gzip, and the body is not");
        }
        catch (InvalidDataException)
        {
            throw new DamagedUploadException();
        }
        if (count == 0 && buffer.Length > 0 && packed.AsLength != (uint)read)
            throw new DamagedUploadException();
        return (read += count) <= Upload.MostBytes ? count : throw new BadHttpRequestException("The inflated upload is too large.", 413);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Passes a body on and remembers its last four bytes.</summary>
    sealed class LastBytes(Stream body) : Stream
    {
        readonly byte[] last = new byte[4];

        public uint AsLength => BinaryPrimitives.ReadUInt32LittleEndian(last);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await body.ReadAsync(buffer, cancellationToken);
            var kept = Math.Max(0, last.Length - count);
            last.AsSpan(last.Length - kept).CopyTo(last);
            buffer.Span[Math.Max(0, count - last.Length)..count].CopyTo(last.AsSpan(kept));
            return count;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>A gzipped upload is damaged or was cut off; what was read before stands.</summary>
sealed class DamagedUploadException()
    : Exception("The gzip stream is damaged, was cut off, or has several members; send it whole and as one.");
