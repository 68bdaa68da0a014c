namespace CrmPlatform.Customers.Sources;

/// <summary>What an import or a source may tell, and what is taken back with it.</summary>
public interface IRetractable;

/// <summary>What this folder records of sources and retractions.</summary>
public interface ISourcesEvent;
