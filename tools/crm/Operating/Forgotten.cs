using System.CommandLine;
using System.Text.Json.Nodes;

namespace CrmPlatform.Crm;

/// <summary>The list of the forgotten, here or of an installation elsewhere: shown, written to a file, applied after a restore.</summary>
public static class Forgotten
{
    public static readonly Argument<string> File = new("file") { Description = "a list of erasures" };

    public static async Task<int> Show(Call call, CancellationToken ct)
    {
        var list = await Newest(call, ct);
        if (call.Json)
            Look.Json(new { list.AsOf, people = list.People.Select(person => new { id = person.Key, at = person.Value }) });
        else
            Console.WriteLine($"{list.People.Count} people were forgotten, as of {list.AsOf:u}");
        return 0;
    }

    public static async Task<int> Export(Call call, CancellationToken ct)
    {
        var (list, file) = (await Newest(call, ct), call.Arguments.GetValue(File)!);
        list.Write(file);
        Console.WriteLine($"{file}: {list.People.Count} people, as of {list.AsOf:u}");
        return 0;
    }

    public static async Task<int> Apply(Call call, CancellationToken ct)
    {
        var list = Erasures.Read(call.Arguments.GetValue(File)!);
        if (Instance.Elsewhere is null)
            await new ErasureList(call.Instance).Refresh(ct, list);
        await Restore.ForgetAgain(list.People.Keys, call.Instance, call.Secrets, ct);
        Console.WriteLine($"{list.People.Count} people of the list as of {list.AsOf:u} are forgotten");
        return 0;
    }

    static async Task<Erasures> Newest(Call call, CancellationToken ct)
    {
        if (Instance.Elsewhere is null)
            return await new ErasureList(call.Instance).Refresh(ct);
        var asOf = TimeProvider.System.GetUtcNow();
        using var api = await Api.As(Client.Ops, call.Instance, call.Secrets, ct);
        var people = (await api.Get("/api/customers/ops/erasures", ct)).AsArray().Select(person => person!);
        return new(asOf, people.ToDictionary(p => Field(p, "subject").GetValue<Guid>(), p => Field(p, "at").GetValue<DateTimeOffset>()));

        static JsonNode Field(JsonNode person, string name) => person[name]!;
    }
}
