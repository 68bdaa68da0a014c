namespace CrmPlatform.Segmentation.Abc;

/// <summary>What the classes share out.</summary>
public enum AbcMeasure
{
    Revenue,
    Orders,
}
