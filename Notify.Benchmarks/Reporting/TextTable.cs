using System.Text;

namespace Notify.Benchmarks.Reporting;

/// <summary>Columns as wide as their widest cell; the first to the left, the others to the right.</summary>
internal static class TextTable
{
    public static string Render(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = header.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max()).ToArray();
        var text = new StringBuilder();
        Write(text, header, widths);
        Write(text, [.. widths.Select(width => new string('-', width))], widths);
        foreach (var row in rows)
            Write(text, row, widths);
        return text.ToString();
    }

    private static void Write(StringBuilder text, IReadOnlyList<string> cells, int[] widths)
    {
        var line = string.Join(
            "  ",
            cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))
        );
        text.Append(line.TrimEnd()).Append('\n');
    }
}
