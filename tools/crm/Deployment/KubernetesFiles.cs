using CrmPlatform.Rooms;

namespace CrmPlatform.Crm;

/// <summary>What the Kubernetes base and its overlays say of each room.</summary>
static class KubernetesFiles
{
    /// <summary>Of each replica; a room with a log has more connections (docs/decisions/0031).</summary>
    internal const int PoolSize = 15;
    internal const int MostReplicas = 4;
    internal const int MostLocalReplicas = 2;

    /// <summary>Everything of one room: Deployment, migration, Service, account, budget, scaler.</summary>
    public static string Of(Room room) =>
        $$"""
            # Written by ./crm rooms --write from rooms.json.
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{room.Name}}
              labels:
                app.kubernetes.io/name: {{room.Name}}
                app.kubernetes.io/component: service
                app.kubernetes.io/part-of: crm
            spec:
              selector:
                matchLabels:
                  app.kubernetes.io/name: {{room.Name}}
                  app.kubernetes.io/component: service
              template:
                metadata:
                  labels:
                    app.kubernetes.io/name: {{room.Name}}
                    app.kubernetes.io/component: service
                    app.kubernetes.io/part-of: crm
                spec:
                  serviceAccountName: {{room.Name}}
                  containers:
                    - name: service
                      image: crm/{{room.Name}}
                      envFrom:
                        - configMapRef: { name: business }
            {{All(room)}}          env:
                        - name: DB_PASSWORD
                          valueFrom: { secretKeyRef: { name: {{room.Name}}-db-app, key: password } }
                        - name: ConnectionStrings__Postgres
                          value: {{RoomFiles.Connection(
                room,
                "crm-postgres-rw",
                "app"
            )}};Password=$(DB_PASSWORD);Maximum Pool Size={{PoolSize}}
                        - name: ConnectionStrings__RabbitMq
                          valueFrom: { secretKeyRef: { name: {{room.Name}}-broker, key: connection_string } }
            {{Keys(room)}}{{Sender(room)}}{{Some(room)}}---
            # Migrates the tables, as their owner, and makes the room's user at the broker, as its administrator. A Job cannot be changed:
            # delete it before applying the next version (see README.md).
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{room.Name}}-migrate
              labels:
                app.kubernetes.io/name: {{room.Name}}
                app.kubernetes.io/component: migration
                app.kubernetes.io/part-of: crm
            spec:
              template:
                metadata:
                  labels:
                    app.kubernetes.io/name: {{room.Name}}
                    app.kubernetes.io/component: migration
                    app.kubernetes.io/part-of: crm
                spec:
                  serviceAccountName: {{room.Name}}
                  containers:
                    - name: service
                      image: crm/{{room.Name}}
                      args: [ migrate ]
                      env:
                        - name: DB_OWNER_PASSWORD
                          valueFrom: { secretKeyRef: { name: {{room.Name}}-db-owner, key: password } }
                        - name: ConnectionStrings__PostgresOwner
                          value: {{RoomFiles.Connection(room, "crm-postgres-rw", "owner")}};Password=$(DB_OWNER_PASSWORD)
                        # Names the role that is granted to; the migration does not sign in with it.
                        - name: ConnectionStrings__Postgres
                          value: {{RoomFiles.Connection(room, "crm-postgres-rw", "app")}}
                        - name: ConnectionStrings__RabbitMq
                          valueFrom: { secretKeyRef: { name: {{room.Name}}-broker, key: connection_string } }
                        - name: BROKER_ADMIN
                          valueFrom: { secretKeyRef: { name: crm-rabbitmq-default-user, key: username } }
                        - name: BROKER_ADMIN_PASSWORD
                          valueFrom: { secretKeyRef: { name: crm-rabbitmq-default-user, key: password } }
                        - name: ConnectionStrings__RabbitMqManagement
                          value: http://$(BROKER_ADMIN):$(BROKER_ADMIN_PASSWORD)@crm-rabbitmq:15672
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: {{room.Name}}
              labels:
                app.kubernetes.io/name: {{room.Name}}
                app.kubernetes.io/component: service
                app.kubernetes.io/part-of: crm
            spec:
              selector:
                app.kubernetes.io/name: {{room.Name}}
                app.kubernetes.io/component: service
              ports:
                - { name: http, port: 8080, targetPort: http }
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: {{room.Name}}
            automountServiceAccountToken: false
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata:
              name: {{room.Name}}
            spec:
              minAvailable: 1
              selector:
                matchLabels:
                  app.kubernetes.io/name: {{room.Name}}
                  app.kubernetes.io/component: service
            ---
            # Scales with HTTP load. Messages from the broker are consumed by one replica at a time; the others only take over from it.
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata:
              name: {{room.Name}}
            spec:
              scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{room.Name}} }
              minReplicas: 2
              maxReplicas: {{MostReplicas}}
              metrics:
                - type: Resource
                  resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }

            """;

    public static string Names => RoomFiles.Each(room => $"  - {room.Name}.yaml\n");

    public static string Addresses => RoomFiles.Each(room => $"      - Services__{room.Project}=http://{room.Name}:8080\n");

    public static string LocalImages => RoomFiles.Each(room => $"  - {{ name: crm/{room.Name}, newTag: local }}\n");

    public static string Images =>
        RoomFiles.Each(room => $"  - {{ name: crm/{room.Name}, newName: registry.example.com/crm/{room.Name}, newTag: {version} }}\n");

    public static string Passwords =>
        RoomFiles.Each(room =>
            $$"""
                            - name: {{room.Variable}}_OWNER_PASSWORD
                              valueFrom: { secretKeyRef: { name: {{room.Name}}-db-owner, key: password } }
                            - name: {{room.Variable}}_APP_PASSWORD
                              valueFrom: { secretKeyRef: { name: {{room.Name}}-db-app, key: password } }

                """
        );

    static readonly string version = typeof(KubernetesFiles).Assembly.GetName().Version!.ToString(3);

    static bool AsksAll(Room room) => room.Asks.Contains("*");

    static string All(Room room) => (AsksAll(room) ? Config("rooms") : "") + (room.Sends ? Config("sending") : "");

    static string Config(string name) => $"            - configMapRef: {{ name: {name} }}\n";

    static string Some(Room room) =>
        AsksAll(room)
            ? ""
            : RoomFiles.Each(
                room.Asked,
                asked => $"            - {{ name: Services__{asked.Project}, value: \"http://{asked.Name}:8080\" }}\n"
            );

    static string Sender(Room room) =>
        !room.Sends
            ? ""
            : $$"""
                            - { name: Sending__ClientId, value: {{room.Name}} }
                            - name: Sending__ClientSecret
                              valueFrom: { secretKeyRef: { name: {{room.Name}}-sending, key: client-secret } }

                """;

    static string Keys(Room room) =>
        !room.PersonalData
            ? ""
            : $$"""
                            - name: PersonalData__MasterKey
                              valueFrom: { secretKeyRef: { name: {{room.Name}}-personal-data, key: master-key } }
                            - name: PersonalData__PreviousMasterKey
                              valueFrom: { secretKeyRef: { name: {{room.Name}}-personal-data, key: previous-master-key, optional: true } }
                            - name: PersonalData__IndexKey
                              valueFrom: { secretKeyRef: { name: {{room.Name}}-personal-data, key: index-key } }

                """;
}
