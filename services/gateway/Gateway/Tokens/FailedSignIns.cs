using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>
/// Slows guessing down: wrong secrets delay the next attempt for the same client, longer each time. At one address they delay that address;
/// spread over many addresses they delay all but those from which the client has signed in. Other clients are never delayed. Counted per
/// replica.
/// </summary>
public sealed class FailedSignIns(
    AuthSettings settings,
    RateLimitSettings limits,
    TimeProvider clock,
    IMeterFactory meters,
    ILogger<FailedSignIns> log
)
{
    const int MostAddresses = 10_000,
        Strangers = 1024;

    readonly Counter<long> failed = meters
        .Create("Crm.Gateway")
        .CreateCounter<long>(
            "crm.sign_ins.failed",
            description: "Sign-ins that were refused: a wrong secret, or an attempt during its delay"
        );

    // Ids that no client has share some entries: as many ids as somebody invents take no more memory than that.
    readonly Attempts[] strangers = [.. Enumerable.Range(0, Strangers).Select(_ => new Attempts())];
    readonly Dictionary<string, Attempts> clients = settings.Clients.DistinctBy(c => c.Id).ToDictionary(c => c.Id, _ => new Attempts());

    /// <exception cref="TokenRefusedException">The client is unknown or the secret is wrong.</exception>
    /// <exception cref="TooManyGuessesException">Too many secrets were wrong: this one was not looked at.</exception>
    public Client Authenticate(ClientCredentials given, IPAddress? from)
    {
        var known = clients.TryGetValue(given.Id, out var attempts);
        attempts ??= strangers[(uint)given.Id.GetHashCode(StringComparison.Ordinal) % Strangers];
        var name = known ? given.Id : "unknown";
        // One at a time: guesses that are sent at once must count before the next one is looked at.
        lock (attempts)
        {
            var now = clock.GetUtcNow();
            var here = attempts.At(Network(from), now, limits.Guesses);
            var until = here.SignedIn || here.Until > attempts.Everywhere.Until ? here.Until : attempts.Everywhere.Until;
            if (until > now)
            {
                failed.Add(1, new("client", name), new("reason", "delayed"));
                throw new TooManyGuessesException(until - now);
            }
            try
            {
                var client = given.Authenticate(settings.Clients);
                here.Succeed(now);
                return client;
            }
            catch (TokenRefusedException)
            {
                var delay = attempts.Failed(here, now, limits.Guesses);
                failed.Add(1, new("client", name), new("reason", "wrong"));
                log.SignInFailed(name, from, here.Failures, delay);
                throw;
            }
        }
    }

    /// <summary>Who has one address of IPv6 has 2^64 of them: they count as one.</summary>
    static IPAddress Network(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    sealed class Place
    {
        public int Failures;
        public bool SignedIn;
        public DateTimeOffset Last,
            Until;

        public void Succeed(DateTimeOffset now) => (Failures, SignedIn, Last) = (0, true, now);

        public void Fail(DateTimeOffset now, int free, GuessLimit limit)
        {
            Failures = now - Last > limit.ForgottenAfter ? 1 : Failures + 1;
            Until = now + limit.Delay(Failures, free);
            Last = now;
        }
    }

    /// <summary>The attempts to be one client.</summary>
    sealed class Attempts
    {
        readonly Dictionary<IPAddress, Place> places = [];

        public Place Everywhere { get; } = new();

        public Place At(IPAddress network, DateTimeOffset now, GuessLimit limit)
        {
            if (places.TryGetValue(network, out var place))
                return place;
            if (places.Count >= MostAddresses)
                foreach (var old in Dispensable(now, limit))
                    places.Remove(old);
            return places[network] = new();
        }

        public TimeSpan Failed(Place here, DateTimeOffset now, GuessLimit limit)
        {
            here.Fail(now, limit.Free, limit);
            Everywhere.Fail(now, limit.FreeEverywhere, limit);
            return here.Until - now;
        }

        /// <summary>What is forgotten, else the older half of what never signed in.</summary>
        List<IPAddress> Dispensable(DateTimeOffset now, GuessLimit limit) =>
            places.Where(p => now - p.Value.Last > limit.ForgottenAfter && !p.Value.SignedIn).Select(p => p.Key).ToList()
                is { Count: > 0 } forgotten
                ? forgotten
                : [.. places.OrderBy(p => p.Value.SignedIn).ThenBy(p => p.Value.Last).Take(MostAddresses / 2).Select(p => p.Key)];
    }
}

/// <summary>Too many wrong secrets: nothing is looked at before this wait is over.</summary>
public sealed class TooManyGuessesException(TimeSpan wait) : Exception("Too many wrong secrets")
{
    public TimeSpan Wait => wait;
}
