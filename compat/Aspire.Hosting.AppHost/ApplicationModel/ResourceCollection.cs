using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

public interface IResourceCollection : IList<IResource>;

public sealed class ResourceCollection : Collection<IResource>, IResourceCollection;
