extern alias Customers;

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// What a client sends is not written to a temporary file, however long it is and whatever has to be known of it before it is read: seen
/// on customers, the same code in every room.
/// </summary>
public sealed class TemporaryFileTests(Room<Customers::Program> room) : IClassFixture<Room<Customers::Program>>
{
    [Theory]
    [InlineData("/api/customers/purchases", "application/json")]
    [InlineData("/api/customers/imports/files/purchases", "application/x-ndjson")]
    public async Task a_long_body_is_in_no_temporary_file(string path, string type)
    {
        var (half, seen) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var body = new Paused(half, seen);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        // Not the fixture's client: it reads a body to its end before it sends it.
        using var http = ((TestServer)room.Services.GetRequiredService<IServer>()).CreateClient();
        var token = Room<Customers::Program>.Token("tester", "customers.purchases.write", "customers.import");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = http.SendAsync(request);
        await half.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var found = new List<string>();
        for (var look = 0; look < 20 && found.Count == 0; look++)
        {
            found.AddRange(Opened().Where(file => file.Contains("ASPNETCORE_", StringComparison.Ordinal)));
            await Task.Delay(25);
        }
        answer.IsCompleted.ShouldBeFalse("the body is being read");
        seen.SetResult();
        (await answer).StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.OK);
        found.ShouldBeEmpty();
    }

    /// <summary>The files that this process has open; the framework's temporary ones are named ASPNETCORE_….</summary>
    static IEnumerable<string> Opened() =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(entry => new FileInfo(entry).LinkTarget ?? "");

    /// <summary>Sends half a megabyte and then waits before the end.</summary>
    sealed class Paused(TaskCompletionSource half, TaskCompletionSource seen) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var line = Encoding.UTF8.GetBytes($$"""{"x":"{{new string('x', 1_000)}}"}{{'\n'}}""");
            for (var i = 0; i < 500; i++)
                await stream.WriteAsync(line);
            await stream.FlushAsync();
            half.SetResult();
            await seen.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
