using Microsoft.AspNetCore.Builder;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// What an endpoint says about its noes: the codes are the stable ends of <c>urn:crm:…</c>, and the description lists them.
/// </summary>
public static class Refusals
{
    /// <param name="Status">With which status; 200 for what is refused row by row.</param>
    public sealed record Declared(int Status, IReadOnlyList<string> Codes);

    /// <summary>The rules that can say no: each is the code of a <see cref="RuleViolationException"/>, answered with 422.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder route, params string[] codes)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Declared(422, codes));

    /// <summary>
    /// The identities that can be taken already: each is the code of a <see cref="DuplicateException"/>, answered with 409.
    /// </summary>
    public static TBuilder Duplicates<TBuilder>(this TBuilder route, params string[] codes)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Declared(409, codes));
}
