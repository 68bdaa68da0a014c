namespace CrmPlatform.Gateway.Edge;

/// <summary>
/// Refuses what cannot be passed on to a room: CONNECT, and headers that are not ASCII. Sending them would fail, and look as if the room
/// were away.
/// </summary>
public static class Passable
{
    public static Task Check(HttpContext http, Func<Task> next)
    {
        if (HttpMethods.IsConnect(http.Request.Method))
            return Problem.NotAllowed(http);
        foreach (var (name, values) in http.Request.Headers)
        foreach (var value in values)
            if (value?.All(char.IsAscii) == false)
                return Problem.Write(
                    http,
                    400,
                    "invalid-request",
                    "The request could not be read",
                    $"The header {name} must be ASCII.",
                    field: name
                );
        return next();
    }
}
