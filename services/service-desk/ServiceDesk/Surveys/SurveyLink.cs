using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>
/// The token of an invitation's link: base64url of its id and of the first 16 bytes of an HMAC-SHA-256 of the id under a key of the
/// installation. Nothing is stored, nobody can guess one, and a reminder has the same.
/// </summary>
public sealed class SurveyLink(PersonalIndex key)
{
    const int Bytes = 16;

    public string TokenOf(Guid invitation)
    {
        Span<byte> token = stackalloc byte[2 * Bytes];
        invitation.TryWriteBytes(token, bigEndian: true, out _);
        key.Of("survey-link", invitation.ToString()).AsSpan(0, Bytes).CopyTo(token[Bytes..]);
        return Base64Url.EncodeToString(token);
    }

    /// <returns>Null if it is no token of ours; an invitation with the id need not exist.</returns>
    public Guid? InvitationOf(string token)
    {
        Span<byte> bytes = stackalloc byte[2 * Bytes];
        if (
            token.Length != Base64Url.GetEncodedLength(2 * Bytes)
            || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done
        )
            return null;
        var id = new Guid(bytes[..Bytes], bigEndian: true);
        // The whole token in constant time: what differs, and where, cannot be measured.
        return
            length == bytes.Length
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token), Encoding.ASCII.GetBytes(TokenOf(id)))
            ? id
            : null;
    }
}
