using System.Buffers;
using System.Net;
using System.Net.Sockets;
using MimeKit;
using SmtpServer;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace CrmPlatform.Loyalty.Tests.Sending;

/// <summary>Mail to a real SMTP server on loopback.</summary>
public sealed class SmtpTests : IAsyncLifetime, IDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly Mailbox mailbox = new();
    readonly int port = FreePort();
    Task running = Task.CompletedTask;

    public Task InitializeAsync()
    {
        var options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .Endpoint(e => e.Endpoint(new(IPAddress.Loopback, port)))
            .Build();
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(mailbox);
        running = new SmtpServer.SmtpServer(options, services).StartAsync(stop.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stop.Dispose();

    [Fact]
    public async Task chinese_subject_and_body_arrive_as_they_were_written()
    {
        (await Way().Send(Outgoing.Of("li@example.com"))).ShouldBe(SendOutcome.Accepted);
        var mail = mailbox.Mails.ShouldHaveSingleItem();
        mail.Subject.ShouldBe("李测试，生日快乐！");
        mail.TextBody.ShouldNotBeNull().TrimEnd().ShouldBe("祝您生日快乐，万事如意。");
        mail.MessageId.ShouldBe($"{Outgoing.Id}@tea.example");
        mail.Headers[HeaderId.AutoSubmitted].ShouldBe("auto-generated");
        mail.To.Mailboxes.Single().ShouldSatisfyAllConditions(m => m.Address.ShouldBe("li@example.com"), m => m.Name.ShouldBe("李测试"));
    }

    [Theory]
    [InlineData(450, MessageState.Deferred, "smtp-450")]
    [InlineData(550, MessageState.Refused, "smtp-550")]
    public async Task a_refusal_for_now_defers_and_one_for_good_refuses(int code, MessageState state, string why)
    {
        mailbox.Answer = new SmtpResponse((SmtpReplyCode)code, "no");
        (await Way().Send(Outgoing.Of("li@example.com"))).ShouldBe(new SendOutcome(state, why));
    }

    [Fact]
    public async Task an_address_that_is_none_is_refused_and_an_absent_server_defers()
    {
        (await Way().Send(Outgoing.Of("li at example"))).ShouldBe(SendOutcome.Refused("address-invalid"));
        (await Way(port: FreePort()).Send(Outgoing.Of("li@example.com"))).ShouldBe(SendOutcome.Deferred("unreachable"));
    }

    [Fact]
    public async Task a_line_that_is_cut_once_the_mail_was_taken_leaves_it_in_doubt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = CutAfterData(listener);
        var way = Way(port: ((IPEndPoint)listener.LocalEndpoint).Port);
        (await way.Send(Outgoing.Of("li@example.com"))).ShouldBe(SendOutcome.InDoubt);
        (await server).ShouldBeTrue();
    }

    /// <summary>Takes one mail, and closes the line in the place of an answer.</summary>
    static async Task<bool> CutAfterData(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 localhost");
        for (var line = await reader.ReadLineAsync(); line is not null; line = await reader.ReadLineAsync())
        {
            if (line == ".")
                return true;
            if (line == "DATA")
                await writer.WriteLineAsync("354 go on");
            else if (
                line.StartsWith("EHLO", StringComparison.Ordinal)
                || line.StartsWith("MAIL", StringComparison.Ordinal)
                || line.StartsWith("RCPT", StringComparison.Ordinal)
            )
                await writer.WriteLineAsync("250 localhost");
        }
        return false;
    }

    SmtpWay Way(int? port = null) =>
        new(
            new ChannelOptions
            {
                Way = "smtp",
                Host = "127.0.0.1",
                Port = port ?? this.port,
                Tls = "none",
                From = "Tea House <hello@tea.example>",
            },
            TimeProvider.System
        );

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    sealed class Mailbox : MessageStore
    {
        public List<MimeMessage> Mails { get; } = [];

        public SmtpResponse Answer { get; set; } = SmtpResponse.Ok;

        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context,
            IMessageTransaction transaction,
            ReadOnlySequence<byte> buffer,
            CancellationToken cancellationToken
        )
        {
            if (Answer != SmtpResponse.Ok)
                return Answer;
            using var stream = new MemoryStream(buffer.ToArray());
            Mails.Add(await MimeMessage.LoadAsync(stream, cancellationToken));
            return Answer;
        }
    }
}
