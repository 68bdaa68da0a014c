// ./crm docs: writes docs/events.md, docs/schemas/, docs/asyncapi.yaml and the tables of docs/context-map.md from the contracts and from
// what rooms hear. A test fails while the committed files differ.
using CrmPlatform.Docs;

var root = args is [var given] ? given : Directory.GetCurrentDirectory();
var written = EventDocs.Write();
foreach (
    var stale in Directory
        .GetFiles(Path.Combine(root, EventDocs.Schemas))
        .Where(f => !written.ContainsKey(EventDocs.Schemas + "/" + Path.GetFileName(f)))
)
    File.Delete(stale);
foreach (var (path, text) in written)
    File.WriteAllText(Path.Combine(root, path), text);
var map = Path.Combine(root, ContextMapPage.File);
File.WriteAllText(map, ContextMapPage.Of(File.ReadAllText(map)));
Console.WriteLine($"{written.Count + 1} files below {Path.Combine(root, "docs")}");
