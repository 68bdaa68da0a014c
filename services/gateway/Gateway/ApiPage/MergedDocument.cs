using System.Text.Json.Nodes;

namespace CrmPlatform.Gateway.ApiPage;

/// <summary>
/// Puts several OpenAPI documents into one. Pure. Schemas and operation ids get their room's name in front, so they never meet.
/// </summary>
public static class MergedDocument
{
    public static JsonObject Of(IReadOnlyList<(string Room, JsonObject? Document)> rooms)
    {
        var document = Ours();
        var (paths, schemas) = ((JsonObject)document["paths"]!, (JsonObject)document["components"]!["schemas"]!);
        foreach (var (room, theirs) in rooms)
        {
            if (theirs is null)
                continue;
            foreach (var (name, schema) in theirs["components"]?["schemas"] as JsonObject ?? [])
                schemas[$"{room}.{name}"] = Renamed(schema, room);
            foreach (var (path, item) in theirs["paths"] as JsonObject ?? [])
                // What the gateway does not pass on (health, the room's own document) is not part of the platform's API.
                if (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/portraits/", StringComparison.Ordinal))
                    paths[path] = Tagged((JsonObject)Renamed(item, room)!, room);
        }
        var missing = rooms.Where(r => r.Document is null).Select(r => r.Room).ToArray();
        if (missing.Length > 0)
        {
            document["info"]!["description"] =
                $"{document["info"]!["description"]} Not answering at the moment, so missing here: {string.Join(", ", missing)}.";
            document["x-crm-missing"] = new JsonArray([.. missing.Select(m => JsonValue.Create(m))]);
        }
        return document;
    }

    static JsonNode? Renamed(JsonNode? node, string room)
    {
        switch (node)
        {
            case JsonObject o:
                var renamed = new JsonObject();
                // What an example says is what was really sent: it is no reference.
                foreach (var (name, value) in o)
                    renamed[name] = name is "examples" or "example" ? value?.DeepClone() : Renamed(value, room);
                return renamed;
            case JsonArray a:
                return new JsonArray([.. a.Select(n => Renamed(n, room))]);
            case JsonValue v when v.TryGetValue<string>(out var text) && text.StartsWith("#/components/schemas/", StringComparison.Ordinal):
                return JsonValue.Create(text.Insert("#/components/schemas/".Length, $"{room}."));
            default:
                return node?.DeepClone();
        }
    }

    static JsonObject Tagged(JsonObject path, string room)
    {
        foreach (var (_, value) in path)
        {
            if (value is not JsonObject operation)
                continue;
            operation["tags"] = new JsonArray(JsonValue.Create(room));
            if (operation["operationId"]?.GetValue<string>() is { } id)
                operation["operationId"] = $"{room}.{id}";
            // The platform's own two ways to sign in stand for the rooms' (they know only bearer).
            operation.Remove("security");
            // The door itself may refuse any of them; the rooms know nothing of that.
            if (operation["responses"] is JsonObject responses)
                responses.TryAdd("429", TooMany());
        }
        return path;
    }

    static JsonObject TooMany() =>
        JsonNode
            .Parse(
                """
                { "description": "`urn:crm:too-many-requests`; see Retry-After", "content": { "application/problem+json": { "schema": {
                  "type": "object", "properties": { "type": { "enum": [ "urn:crm:too-many-requests" ] } } } } } }
                """
            )!
            .AsObject();

    static JsonObject Ours() =>
        JsonNode
            .Parse(
                """
                {
                  "openapi": "3.1.1",
                  "info": { "title": "CrmPlatform", "version": "v1", "description": "The whole platform behind one door." },
                  "servers": [ { "url": "/" } ],
                  "security": [ { "clientCredentials": [] }, { "bearer": [] } ],
                  "components": {
                    "schemas": {},
                    "securitySchemes": {
                      "clientCredentials": { "type": "oauth2", "flows": {
                        "clientCredentials": { "tokenUrl": "/connect/token", "scopes": {} } } },
                      "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" }
                    }
                  },
                  "paths": {
                    "/connect/token": { "post": {
                      "tags": [ "Gateway" ], "operationId": "Gateway.IssueToken", "security": [],
                      "summary": "Gives a client a signed token with its permissions (OAuth 2.0 client credentials); HTTP Basic works too.",
                      "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": { "schema": {
                        "type": "object", "required": [ "grant_type" ], "properties": {
                          "grant_type": { "type": "string", "enum": [ "client_credentials" ] },
                          "client_id": { "type": "string" }, "client_secret": { "type": "string", "format": "password" },
                          "scope": {
                            "type": "string", "description": "Fewer permissions than the client has, separated by spaces" } } } } } },
                      "responses": {
                        "200": { "description": "access_token, token_type, expires_in, scope" },
                        "400": { "description": "RFC 6749, 5.2" },
                        "401": { "description": "invalid_client" }, "429": { "description": "Too many requests; see Retry-After" } } } },
                    "/.well-known/openid-configuration": { "get": {
                      "tags": [ "Gateway" ], "operationId": "Gateway.GetDiscovery", "security": [],
                      "summary": "OIDC discovery.", "responses": { "200": { "description": "OK" } } } },
                    "/.well-known/jwks.json": { "get": { "tags": [ "Gateway" ], "operationId": "Gateway.GetKeys", "security": [],
                      "summary": "The public keys that verify tokens.", "responses": { "200": { "description": "OK" } } } }
                  }
                }
                """
            )!
            .AsObject();
}
