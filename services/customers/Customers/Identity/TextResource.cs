namespace CrmPlatform.Customers.Identity;

/// <summary>The tables that are part of the program (services/customers/Customers/Identity/Tables).</summary>
static class TextResource
{
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(TextResource).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#')
                yield return line;
    }
}
