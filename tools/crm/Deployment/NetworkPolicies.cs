using CrmPlatform.Rooms;

namespace CrmPlatform.Crm;

/// <summary>Which room may call which, in a cluster where nothing speaks or listens unless a policy says so.</summary>
static class NetworkPolicies
{
    public static string Text =>
        RoomFiles.Each(
            Room.All.Where(room => room.Asks.Count > 0),
            room => Policy(room) + string.Concat(Heard(room).Select(asked => Policy(room, asked)))
        );

    // Who asks all is let in by one policy for all.
    static IEnumerable<Room?> Heard(Room room) => room.Asks.Contains("*") ? Enumerable.Repeat<Room?>(null, 1) : room.Asked;

    static string Selector(Room? room) => $"{{ podSelector: {{ matchLabels: {Pods(room)} }} }}";

    static string Policy(Room room) =>
        Policy($"{room.Name}-asks", Pods(room), "Egress", $"egress:\n    - to: [ {string.Join(", ", Heard(room).Select(Selector))} ]");

    static string Policy(Room room, Room? asked) =>
        Policy($"{asked?.Name ?? "every-room"}-hears-{room.Name}", Pods(asked), "Ingress", $"ingress:\n    - from: [ {Selector(room)} ]");

    static string Policy(string name, string pods, string way, string rule) =>
        $$"""
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: {{name}}
            spec:
              podSelector: { matchLabels: {{pods}} }
              policyTypes: [ {{way}} ]
              {{rule}}
                  ports: [ { port: 8080, protocol: TCP } ]

            """;

    static string Pods(Room? room) =>
        room is null
            ? "{ app.kubernetes.io/component: service }"
            : $"{{ app.kubernetes.io/name: {room.Name}, app.kubernetes.io/component: service }}";
}
