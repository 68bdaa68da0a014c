using System.Runtime.CompilerServices;
using CrmPlatform.EventSourcing;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>
/// Compares shapes that must not change by accident (stored events, published contracts) with a frozen file beside the test. After an
/// intended, additive change write the file again with <c>CRM_FREEZE=1</c>.
/// </summary>
public static class Frozen
{
    /// <summary>The events that a room stores, in <c>events.frozen</c>.</summary>
    public static void Check(EventStore store, [CallerFilePath] string caller = "") => Check(store.StoredShapes, "events.frozen", caller);

    /// <param name="types">Type by stored name or wire name.</param>
    /// <param name="file">Name of the frozen file, beside the calling test.</param>
    /// <param name="caller">Filled by the compiler.</param>
    public static void Check(IEnumerable<KeyValuePair<string, Type>> types, string file, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, file);
        var now = types.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}: {Shape(t.Value, [])}").ToArray();
        if (Environment.GetEnvironmentVariable("CRM_FREEZE") == "1")
            File.WriteAllLines(path, now);
        File.Exists(path).ShouldBeTrue($"{file} is missing: freeze the shapes with CRM_FREEZE=1");
        now.ShouldBe(
            File.ReadAllLines(path),
            "a stored or published shape has changed: old events must stay readable (upcaster, [DataContract], additive contracts), "
                + "snapshots of a changed state get a new number"
        );
    }

    static string Shape(Type type, Stack<Type> above)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner.IsEnum)
            return "(" + string.Join("|", Enum.GetNames(inner)) + ")";
        if (inner.Namespace?.StartsWith("System", StringComparison.Ordinal) == true)
            return !inner.IsGenericType
                ? inner.Name
                : $"{inner.Name.Split('`')[0]}<{string.Join(",", inner.GetGenericArguments().Select(a => Shape(a, above)))}>";
        if (above.Contains(inner))
            return inner.Name;
        above.Push(inner);
        var properties = inner
            .GetProperties()
            .Where(p =>
                p.GetIndexParameters().Length == 0 && p.Name != "EqualityContract" && p.GetMethod!.IsPublic && !p.GetMethod.IsStatic
            );
        var shape = "{ " + string.Join(", ", properties.Select(p => $"{p.Name} {Shape(p.PropertyType, above)}")) + " }";
        above.Pop();
        return shape;
    }
}
