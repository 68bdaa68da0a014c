using System.Collections.Concurrent;
using CrmPlatform.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CrmPlatform.Platform.Tests;

/// <summary>Keeps the lines that a room would write to its console.</summary>
public sealed class CapturedLines
{
    readonly ConcurrentQueue<string> lines = [];

    public IReadOnlyCollection<string> Lines => lines;

    public void InsteadOfTheConsole(IServiceCollection services)
    {
        services.Remove(services.Single(s => s.ImplementationType == typeof(ConsoleLoggerProvider)));
        services.AddSingleton<ILoggerProvider>(s => new Provider(s.GetServices<ConsoleFormatter>().OfType<LogLines>().Single(), lines));
    }

    sealed class Provider(ConsoleFormatter formatter, ConcurrentQueue<string> lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, formatter, lines);

        public void Dispose() { }
    }

    sealed class Logger(string name, ConsoleFormatter console, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            using var line = new StringWriter();
            console.Write(new LogEntry<TState>(logLevel, name, eventId, state, exception, formatter), null, line);
            lines.Enqueue(line.ToString());
        }
    }
}
