namespace CrmPlatform.Segmentation.Customers;

/// <summary>What this room says of a customer, in another stream than the customer's own, and rules may ask about.</summary>
public interface ISaidOfCustomer
{
    Guid CustomerId { get; }
}
