using System.Globalization;
using System.Text.Json;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Writes each hand-over to a file: mail as <c>.eml</c>, other channels as <c>.json</c>. For trying it out.</summary>
sealed class FileWay(ChannelOptions options, TimeProvider clock) : IWayOut
{
    public async Task<SendOutcome> Send(OutgoingMessage message)
    {
        var folder = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(options.Folder!)
            : Directory.CreateDirectory(options.Folder!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var name = string.Create(CultureInfo.InvariantCulture, $"{message.Id}.{message.Attempt}");
        var file = Path.Combine(folder.FullName, name + (message.Channel == "email" ? ".eml" : ".json"));
        await using (var stream = File.Create(file + ".part"))
            if (message.Channel == "email")
                await Mail.Of(message, options.Sender, clock.GetUtcNow()).WriteToAsync(stream);
            else
                await JsonSerializer.SerializeAsync(stream, WebhookWay.Body(message, clock.GetUtcNow()), EventStoreOptions.Json);
        File.Move(file + ".part", file, overwrite: true);
        return SendOutcome.Accepted;
    }
}
