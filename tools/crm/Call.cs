using System.CommandLine;
using System.Globalization;

namespace CrmPlatform.Crm;

/// <summary>What a verb works with.</summary>
public sealed record Call(ParseResult Arguments, Instance Instance, Secrets Secrets)
{
    /// <summary>A list is wanted as JSON, for other programs.</summary>
    public bool Json => Arguments.GetValue(Verbs.Json);

    public async Task<int> AsOps(Func<Api, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        using var api = await Api.As(Client.Ops, Instance, Secrets, ct);
        return await work(api, ct);
    }

    /// <summary>The folder that was named, or a new one outside the run directory, which a reset throws away.</summary>
    public string Folder(Argument<string?> argument) =>
        Path.GetFullPath(
            Arguments.GetValue(argument)
                ?? Path.Combine(
                    Instance.Root,
                    "backups",
                    TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHHmmss", CultureInfo.InvariantCulture)
                )
        );

    /// <summary>Nothing is destroyed before somebody said yes.</summary>
    public void Confirm(Option<bool> yes, string question)
    {
        if (Arguments.GetValue(yes))
            return;
        if (Console.IsInputRedirected)
            throw new CrmException($"{question} Say --yes when nobody can be asked.");
        Console.Write($"{question} Type yes: ");
        if (Console.ReadLine() != "yes")
            throw new CrmException("nothing was changed");
    }
}
