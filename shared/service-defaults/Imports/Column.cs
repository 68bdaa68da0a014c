using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// A column of an import. Its declaration is what reads the cells, what errors say was expected, and what docs/imports.md and the templates
/// are written from.
/// </summary>
public abstract partial class Column
{
    public required string Name { get; init; }

    /// <summary>What a cell must be, as it follows "must be".</summary>
    public required string Expected { get; init; }

    public bool Required { get; init; }

    /// <summary>A cell of the template; empty where the template leaves it out.</summary>
    public required string Example { get; init; }

    public required string Meaning { get; init; }

    /// <summary>A quoted cell may hold line breaks.</summary>
    public bool LineBreaks { get; init; }

    internal abstract bool Fits(string cell);

    /// <summary>Trimmed, in Unicode's composed form, at most so many characters, without control characters.</summary>
    public static Column<string> Text(string name, int longest, string example, string meaning, bool required = false) =>
        Of(
            name,
            $"text of at most {longest} characters",
            (string cell, out string value) => (value = cell).Length <= longest && !cell.Any(char.IsControl),
            example,
            meaning,
            required
        );

    /// <summary>As <see cref="Text"/>, with line breaks and tabs.</summary>
    public static Column<string> LongText(string name, int longest, string example, string meaning) =>
        new()
        {
            Name = name,
            Expected = $"text of at most {longest} characters; it may have line breaks",
            Example = example,
            Meaning = meaning,
            LineBreaks = true,
            TryRead = (string cell, out string value) =>
                (value = cell).Length <= longest && !cell.Any(c => char.IsControl(c) && c is not ('\n' or '\t')),
        };

    /// <summary>A decimal number without group separators or exponent.</summary>
    public static Column<decimal> Number(string name, string example, string meaning, bool required = false) =>
        Of(
            name,
            "a number like 1234.50, without group separators",
            (string cell, out decimal value) =>
            {
                value = 0;
                return Plain().IsMatch(cell)
                    && decimal.TryParse(
                        cell,
                        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                        CultureInfo.InvariantCulture,
                        out value
                    );
            },
            example,
            meaning,
            required
        );

    public static Column<long> Whole(string name, string example, string meaning, bool required = false) =>
        Of(
            name,
            "a whole number like 120",
            (string cell, out long value) =>
                long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && cell[0] != '+',
            example,
            meaning,
            required
        );

    public static Column<DateTimeOffset> Instant(string name, string example, string meaning, bool required = false) =>
        Of(
            name,
            Instants.Expected,
            (string cell, out DateTimeOffset value) => Instants.TryParse(cell, out value),
            example,
            meaning,
            required
        );

    public static Column<DateOnly> Day(string name, string example, string meaning, bool required = false) =>
        Of(
            name,
            "a day like 2026-12-31",
            (string cell, out DateOnly value) =>
                DateOnly.TryParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value),
            example,
            meaning,
            required
        );

    public static Column<Guid> Id(string name, string example, string meaning, bool required = false) =>
        Of(name, "a UUID", (string cell, out Guid value) => Guid.TryParseExact(cell, "D", out value), example, meaning, required);

    public static Column<bool> Flag(string name, string example, string meaning) =>
        Of(name, "true or false", (string cell, out bool value) => bool.TryParse(cell, out value), example, meaning, required: false);

    /// <summary>One of the names of an enum, as JSON spells them; never a number.</summary>
    public static Column<T> OneOf<T>(string name, string example, string meaning, bool required = false)
        where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString()), StringComparer.Ordinal);
        return Of(
            name,
            "one of " + string.Join(", ", names.Keys),
            (string cell, out T value) => names.TryGetValue(cell, out value),
            example,
            meaning,
            required
        );
    }

    /// <summary>Texts with | between them.</summary>
    public static Column<string[]> List(string name, int longest, string example, string meaning) =>
        Of(
            name,
            $"texts of at most {longest} characters, with | between them",
            (string cell, out string[] value) =>
                (value = cell.Split('|', StringSplitOptions.TrimEntries)).All(t =>
                    t.Length > 0 && t.Length <= longest && !t.Any(char.IsControl)
                ),
            example,
            meaning,
            required: false
        );

    static Column<T> Of<T>(string name, string expected, CellReader<T> read, string example, string meaning, bool required) =>
        new()
        {
            Name = name,
            Expected = expected,
            TryRead = read,
            Example = example,
            Meaning = meaning,
            Required = required,
        };

    [GeneratedRegex(@"\A-?\d{1,20}(\.\d{1,8})?\z", RegexOptions.ECMAScript)]
    private static partial Regex Plain();
}

/// <param name="cell">Trimmed and not empty.</param>
public delegate bool CellReader<T>(string cell, out T value);

/// <inheritdoc cref="Column"/>
public sealed class Column<T> : Column
{
    public required CellReader<T> TryRead { get; init; }

    internal override bool Fits(string cell) => TryRead(cell, out _);
}
