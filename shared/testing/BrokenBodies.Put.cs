using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CrmPlatform.Testing;

public static partial class BrokenBodies
{
    /// <summary>The node with another value at the path; members and first elements on the way exist.</summary>
    static JsonNode? Put(JsonNode root, string path, JsonNode? value)
    {
        var steps = Regex.Matches(path, @"([^.\[\]]+)|\[(\d+)\]").ToList();
        var node = root;
        for (var i = 0; i < steps.Count; i++)
        {
            var (name, last) = (steps[i].Groups[1], i == steps.Count - 1);
            if (name.Success && last)
                node[name.Value] = value?.DeepClone();
            else if (name.Success)
                node = node[name.Value]!;
            else if (!last)
                node = node[0]!;
            else if (node.AsArray().Count == 0)
                node.AsArray().Add(value?.DeepClone());
            else
                node[0] = value?.DeepClone();
        }
        return path is "" ? value : root;
    }
}
