using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>One upload of an import, for the slice that writes its rows.</summary>
/// <param name="Id">The name that the caller gave the import.</param>
/// <param name="DryRun">Say what would be recorded, and record nothing.</param>
public sealed partial record Import(string Id, bool DryRun, Request Request, HttpContext Caller)
{
    /// <summary>How many rows a dry run reads: it remembers each, to notice the second of two rows with one key.</summary>
    public const long MostRowsOfDryRun = 500_000;

    readonly Dictionary<Guid, (Guid Content, long Row)> would = [];

    public IServiceProvider Services => Caller.RequestServices;

    /// <summary>The metadata of facts that a row of this import causes.</summary>
    /// <param name="source">The system that the row names as its source.</param>
    public EventMetadata From(string? source) => Request.Metadata with { Source = source, Import = Id };

    /// <summary>
    /// In a dry run, whether an earlier row of the upload would have recorded something under this key; this row is noted if not.
    /// </summary>
    /// <param name="content">What the row says, as a hash.</param>
    /// <returns>Null if there is no earlier row, else its number and whether it says the same.</returns>
    public (long Row, bool Same)? Earlier(Guid key, Guid content, long row)
    {
        if (would.TryGetValue(key, out var earlier) && earlier.Row < row)
            return (earlier.Row, earlier.Content == content);
        would[key] = (content, row);
        return null;
    }

    /// <exception cref="BadRequestException">The id of the import is not 1 to 80 letters, digits and . _ : -</exception>
    public static Import Of(string importId, bool dryRun, HttpContext http) =>
        Name().IsMatch(importId)
            ? new(importId, dryRun, http.RequestServices.GetRequiredService<Request>(), http)
            : throw new BadRequestException("importId", "1 to 80 letters, digits and . _ : -");

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,80}\z")]
    private static partial Regex Name();
}
