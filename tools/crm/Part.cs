using CrmPlatform.Rooms;

namespace CrmPlatform.Crm;

/// <summary>A program that <c>./crm up</c> starts: the gateway, or the room that rooms.json declares.</summary>
public sealed record Part(string Name, string Assembly, string PortSetting, Room? Room)
{
    public static readonly Part Gateway = new("gateway", "CrmPlatform.Gateway", "CRM_GATEWAY_PORT", null);

    public static readonly IReadOnlyList<Part> Contexts =
    [
        .. Room.All.Select(room => new Part(room.Name, room.Assembly, $"CRM_{room.Variable}_PORT", room)),
    ];

    /// <summary>Those with an event log of their own.</summary>
    public static readonly IReadOnlyList<Part> Logs = [.. Contexts.Where(part => !part.Room!.OnlyReads)];

    /// <summary>Those that only read what the others tell.</summary>
    public static readonly IReadOnlyList<Part> Readers = [.. Contexts.Except(Logs)];

    public static readonly IReadOnlyList<Part> All = [.. Contexts, Gateway];

    public static Part Named(string name) =>
        All.FirstOrDefault(part => part.Name == name)
        ?? throw new CrmException($"unknown service '{name}'; expected {string.Join(", ", All.Select(part => part.Name))}");

    /// <summary>Null where a program keeps nothing.</summary>
    public string? Database => Room?.Database;

    /// <summary>The table that all else can be made from again.</summary>
    public string Source => Logs.Contains(this) ? "public.mt_events" : "public.timeline";

    public string OwnerRole => Database + "_owner";
    public string AppRole => Database + "_app";
    public string ApiPath => "/api/" + Name;
}
