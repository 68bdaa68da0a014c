// Portraits: one timeline per customer over all rooms, and the portrait 画像 that it makes. The room keeps no log: what it hears is its data.
using CrmPlatform.Portraits;

var room = CrmService.Create("portraits", args);
room.Services.AddValidation();
room.Reads<PortraitsHearing>(PortraitsHearing.Tables);

room.Add(CrmPlatform.Portraits.Profiles.Slices.In, CrmPlatform.Portraits.Portraits.Slices.In, CrmPlatform.Portraits.Timelines.Slices.In);

await room.Run();

public partial class Program;
