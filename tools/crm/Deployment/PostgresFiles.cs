using CrmPlatform.Rooms;
using static CrmPlatform.Crm.KubernetesFiles;

namespace CrmPlatform.Crm;

/// <summary>What the overlays say of PostgreSQL for each room.</summary>
static class PostgresFiles
{
    /// <summary>
    /// What all replicas need at their most while every room is updated at once, and 50 for the operator, migrations and you.
    /// </summary>
    public static string Connections => $"      max_connections: \"{For(MostReplicas)}\"\n";

    /// <summary>The same for the overlay local.</summary>
    public static string LocalConnections => $"            - max_connections={For(MostLocalReplicas)}\n";

    static int For(int replicas) => (Room.All.Sum(room => (replicas + 1) * ConnectionsOf(room)) + 99) / 50 * 50;

    // The store of a room with a log has half as many for its writes and a quarter for Marten's sessions (docs/decisions/0031).
    static int ConnectionsOf(Room room) => room.OnlyReads ? PoolSize : PoolSize + PoolSize / 2 + PoolSize / 4;

    public static string Roles =>
        RoomFiles.Each(room =>
            $$"""
                      - { name: {{room.Database}}_owner, ensure: present, login: true, passwordSecret: { name: {{room.Name}}-db-owner } }
                      - { name: {{room.Database}}_app, ensure: present, login: true, passwordSecret: { name: {{room.Name}}-db-app } }

                """
        );

    public static string Databases =>
        RoomFiles.Each(room =>
            $$"""
                ---
                apiVersion: postgresql.cnpg.io/v1
                kind: Database
                metadata:
                  name: {{room.Name}}
                spec:
                  cluster: { name: crm-postgres }
                  name: {{room.Database}}
                  owner: {{room.Database}}_owner
                  encoding: UTF8
                  ensure: present
                  databaseReclaimPolicy: retain

                """
        );
}
