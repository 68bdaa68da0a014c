using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmPlatform.ServiceDefaults;

/// <summary>A fact with a personal part. The store encrypts that part before writing and decrypts it after reading.</summary>
public interface IHasPersonal
{
    IPersonal? PersonalPart { get; }
}

/// <summary>A fact that erases a person: their data key is destroyed in the same transaction.</summary>
public interface IErasesPerson
{
    Guid Person { get; }
}

/// <summary>A personal part as the encryption sees it.</summary>
public interface IPersonal
{
    Guid Subject { get; }
    byte[]? Sealed { get; }
    byte[] Plain();
    void Seal(byte[]? sealedBytes);
    void Open(byte[]? plain);
}

/// <summary>
/// The personal fields of one fact about one person: one record, stored as one ciphertext. <see cref="Value"/> is null once the person was
/// forgotten.
/// </summary>
[JsonConverter(typeof(PersonalJson))]
public sealed class Personal<T> : IPersonal
    where T : class
{
    internal Personal(Guid subject, T? value, byte[]? sealedBytes) => (Subject, Value, Sealed) = (subject, value, sealedBytes);

    public Guid Subject { get; }
    public T? Value { get; private set; }
    public byte[]? Sealed { get; private set; }

    byte[] IPersonal.Plain() => JsonSerializer.SerializeToUtf8Bytes(Value, EventStoreOptions.Json);

    void IPersonal.Seal(byte[]? sealedBytes) => Sealed = sealedBytes;

    void IPersonal.Open(byte[]? plain) => Value = plain is null ? null : JsonSerializer.Deserialize<T>(plain, EventStoreOptions.Json);

    public override bool Equals(object? obj) => obj is Personal<T> other && other.Subject == Subject && Equals(other.Value, Value);

    public override int GetHashCode() => HashCode.Combine(Subject, Value);

    /// <summary>Does not show the value, because the text may end up in a log.</summary>
    public override string ToString() => $"personal part of {Subject}";
}

/// <summary>Creates personal parts.</summary>
public static class Personal
{
    /// <param name="subject">The person whose data it is and whose key encrypts it.</param>
    public static Personal<T> Of<T>(Guid subject, T value)
        where T : class => new(subject, value, null);
}

sealed class PersonalJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Personal<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    sealed record Stored(Guid Subject, byte[]? Sealed);

    sealed class Converter<T> : JsonConverter<Personal<T>>
        where T : class
    {
        public override Personal<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<Stored>(ref reader, options) is { } stored ? new(stored.Subject, null, stored.Sealed) : null;

        // Only the ciphertext is ever written; a part that was not encrypted yet is written without its value.
        public override void Write(Utf8JsonWriter writer, Personal<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Stored(value.Subject, value.Sealed), options);
    }
}
