using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Declares the endpoints of a room. An endpoint gives its route below <c>/api/{room}</c> (absolute if it begins with a slash), its summary
/// for the API page, and the permission that it requires. Derived are the operation id (name of the declaring type), the tag (its folder)
/// and, for a handler that writes (it has a <see cref="Request"/> parameter), the Idempotency-Key of a POST and the answer <see
/// cref="Changed"/>. What an endpoint declares explicitly overrides what is derived.
/// </summary>
/// <remarks>
/// The methods and their last parameter have the same names as in ASP.NET Core: its source generator for validation finds endpoints by
/// these names, and would not check the attributes of requests otherwise.
/// </remarks>
public sealed partial class CrmService
{
    readonly List<Action<IEndpointRouteBuilder>> endpoints = [];

    public RouteHandlerBuilder MapGet(string route, string summary, string permission, Delegate handler) =>
        Declare(HttpMethods.Get, route, summary, permission, handler);

    public RouteHandlerBuilder MapPost(string route, string summary, string permission, Delegate handler)
    {
        var endpoint = DeclareWrite(HttpMethods.Post, route, summary, permission, handler);
        return Writes(handler) ? endpoint.Idempotent() : endpoint;
    }

    public RouteHandlerBuilder MapPut(string route, string summary, string permission, Delegate handler) =>
        DeclareWrite(HttpMethods.Put, route, summary, permission, handler);

    public RouteHandlerBuilder MapDelete(string route, string summary, string permission, Delegate handler) =>
        DeclareWrite(HttpMethods.Delete, route, summary, permission, handler);

    /// <summary>
    /// An import (docs/imports.md): each row is idempotent by its own key and gets its own result, so there is no Idempotency-Key.
    /// </summary>
    /// <param name="refusals">The error codes with which a row can be refused, besides those of every import.</param>
    /// <param name="writer">Begins an upload, and gives what writes its rows, chunk by chunk.</param>
    public RouteHandlerBuilder MapImport<T>(
        ImportFormat<T> format,
        string summary,
        string permission,
        string[] refusals,
        Func<Import, Func<IReadOnlyList<Row<T>>, CancellationToken, Task<RowResult[]>>> writer
    )
        where T : class
    {
        Delegate handler = (
            [Description("Your name for the import: 1 to 80 letters, digits and . _ : -; every fact of it keeps it.")] string importId,
            [Description("Says what would be recorded, and records nothing.")] bool? dryRun,
            [Description("What separates the columns of a CSV file; found out if left out.")] string? separator,
            [Description("Ignores columns and properties that the import does not know, instead of refusing.")] bool? ignoreUnknown,
            HttpContext http,
            CancellationToken ct
        ) =>
        {
            if (separator is not (null or "" or [_]))
                throw new BadRequestException("separator", "one character");
            var import = Import.Of(importId, dryRun == true, http);
            return ImportRows.Answer(
                http,
                format,
                import,
                (separator is [var given] ? given : null, ignoreUnknown == true),
                writer(import),
                ct
            );
        };
        return Declare(HttpMethods.Post, format.Route, summary, permission, handler, SliceOf(writer.Method))
            .Accepts<string>("application/x-ndjson", "text/csv")
            .Produces<RowResult>(200, "application/x-ndjson")
            .WithMetadata(new Refusals.Declared(200, ["invalid-request", "too-large", "contradiction", "undecodable", .. refusals]))
            .WithMetadata(format);
    }

    /// <summary>Maps routes that are not API endpoints, such as HTML pages.</summary>
    public void Map(Action<IEndpointRouteBuilder> map) => endpoints.Add(map);

    RouteHandlerBuilder Declare(string method, string route, string summary, string permission, Delegate handler, Type? slice = null)
    {
        slice ??= SliceOf(handler.Method);
        var declared = new Conventions();
        endpoints.Add(app => declared.ApplyTo(app.MapMethods(Absolute(route), [method], handler)));
        return new RouteHandlerBuilder([declared])
            .WithMetadata(new Slice(slice))
            .RequirePermission(permission)
            .WithName(slice.Name)
            .WithSummary(summary)
            .WithTags(Words().Replace(slice.Namespace!.Split('.')[^1], " $1").Trim().ToLowerInvariant());
    }

    RouteHandlerBuilder DeclareWrite(string method, string route, string summary, string permission, Delegate handler)
    {
        var endpoint = Declare(method, route, summary, permission, handler);
        if (Writes(handler))
            endpoint.Finally(AnswersWithChanged);
        return endpoint;
    }

    string Absolute(string route) => route.StartsWith('/') ? route : $"/api/{Context}/{route}".TrimEnd('/');

    static bool Writes(Delegate handler) => handler.Method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Request));

    static void AnswersWithChanged(EndpointBuilder endpoint)
    {
        if (!endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode < 400))
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(Changed), ["application/json"]));
    }

    /// <summary>
    /// The type whose source declares the handler: for a lambda, the type around the classes that the compiler generated.
    /// </summary>
    static Type SliceOf(MethodInfo handler)
    {
        var type = handler.DeclaringType!;
        while (type.IsDefined(typeof(CompilerGeneratedAttribute)))
            type = type.DeclaringType!;
        return type;
    }

    [GeneratedRegex("([A-Z])")]
    private static partial Regex Words();

    /// <summary>The type that declares an endpoint, as metadata of the endpoint.</summary>
    public sealed record Slice(Type Type);

    /// <summary>Collects the conventions of an endpoint until it is mapped, because a room is declared before its host is built.</summary>
    sealed class Conventions : IEndpointConventionBuilder
    {
        readonly List<Action<EndpointBuilder>> first = [],
            last = [];

        public void Add(Action<EndpointBuilder> convention) => first.Add(convention);

        public void Finally(Action<EndpointBuilder> finallyConvention) => last.Add(finallyConvention);

        public void ApplyTo(IEndpointConventionBuilder endpoint)
        {
            first.ForEach(endpoint.Add);
            last.ForEach(endpoint.Finally);
        }
    }
}
