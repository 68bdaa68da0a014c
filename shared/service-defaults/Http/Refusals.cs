using Microsoft.AspNetCore.Builder;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Declares how an endpoint can refuse a request: the codes are the stable ends of <c>urn:crm:…</c>, and the OpenAPI document lists them.
/// </summary>
public static class Refusals
{
    /// <param name="Status">The HTTP status; 200 for an import, which refuses row by row.</param>
    public sealed record Declared(int Status, IReadOnlyList<string> Codes);

    /// <summary>
    /// The rules that can refuse the request: each is the code of a <see cref="RuleViolationException"/>, answered with 422.
    /// </summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder route, params string[] codes)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Declared(422, codes));

    /// <summary>
    /// The identities that may already be in use: each is the code of a <see cref="DuplicateException"/>, answered with 409.
    /// </summary>
    public static TBuilder Duplicates<TBuilder>(this TBuilder route, params string[] codes)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Declared(409, codes));
}
