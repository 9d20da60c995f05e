using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Notify.Benchmarks.Sinks;

/// <summary>Numbers of 64 bits in a file that several processes map into their memory: what one writes the others read at once, without a
/// call.</summary>
internal sealed unsafe class SharedLongs : MemoryManager<long>
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long* _start;
    private readonly int _count;

    /// <param name="path">The file; made where it is not there, all zeros.</param>
    /// <param name="count">How many numbers.</param>
    public SharedLongs(string path, int count)
    {
        _count = count;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, (long)count * sizeof(long));
        _view = _file.CreateViewAccessor();
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = (long*)start;
    }

    public override Span<long> GetSpan() => new(_start, _count);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin() { }

    protected override void Dispose(bool disposing)
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
