using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CrmPlatform.Csv;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

// What the validation generator found is queried here, so that a row is validated as the body of its endpoint is; that API of ASP.NET Core
// is experimental.
#pragma warning disable ASP0029

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Reads rows of JSON as an endpoint reads its body, and validates rows as it validates its body, nested elements included.
/// </summary>
sealed class RowChecks(IServiceProvider services)
{
    static readonly JsonSerializerOptions json = Strict();

    readonly ValidationOptions options = services.GetRequiredService<IOptions<ValidationOptions>>().Value;

    public static async IAsyncEnumerable<Row<T>> Lines<T>(TextLines lines, [EnumeratorCancellation] CancellationToken ct)
        where T : class
    {
        while (await lines.Next(ct) is { } line)
            if (line.Text is null)
                yield return ImportRow.Refuse<T>(line.Number, "too-large", $"A row has at most {Upload.LongestRow} characters.");
            else if (!string.IsNullOrWhiteSpace(line.Text))
                yield return Parsed<T>(line.Number, line.Text);
    }

    static Row<T> Parsed<T>(long number, string line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, json) is { } command
                ? new(number, command, null) { Characters = line.Length }
                : ImportRow.Refuse<T>(number, "invalid-request", "The row is null; a JSON object is expected.");
        }
        catch (JsonException e)
        {
            var (detail, field) = RequestJson.Describe(e, typeof(T), json);
            return ImportRow.Refuse<T>(number, "invalid-request", detail, field);
        }
    }

    public async ValueTask<Row<T>> Checked<T>(Row<T> row, CancellationToken ct)
        where T : class
    {
        // A type that declares no limits is none that the generator has found: its decision checks it.
        if (row.Command is not { } command || !options.TryGetValidatableTypeInfo(typeof(T), out var validated))
            return row;
        var context = new ValidateContext { ValidationOptions = options, ValidationContext = new(command, services, null) };
        await validated.ValidateAsync(command, context, ct);
        return context.ValidationErrors is { Count: > 0 } errors && errors.First() is var (member, messages)
            ? row with
            {
                Command = null,
                Refused = RowResult.Refused(row.Number, "invalid-request", messages[0], RequestJson.Spelled(member)),
            }
            : row;
    }

    static JsonSerializerOptions Strict()
    {
        var strict = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        RequestJson.Configure(strict);
        return strict;
    }
}
