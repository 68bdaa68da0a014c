// ./crm docs: writes docs/events.md and docs/schemas/ from the contracts. A test fails while the committed files differ.
using CrmPlatform.Docs;

var root = args is [var given] ? given : Directory.GetCurrentDirectory();
var written = EventDocs.Write();
foreach (var stale in Directory.GetFiles(Path.Combine(root, EventDocs.Schemas)).Where(f => !written.ContainsKey(EventDocs.Schemas + "/" + Path.GetFileName(f)))) File.Delete(stale);
foreach (var (path, text) in written) File.WriteAllText(Path.Combine(root, path), text);
Console.WriteLine($"{written.Count} files below {Path.Combine(root, "docs")}");
