using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Notify;

/// <summary>
/// Compiled into each program, and run before anything else in it. Domains and locales need ICU; a runtime that finds none ends the process
/// with a stack trace and a core dump at the first use of a culture. Here that becomes a line which says what to install.
/// </summary>
[SuppressMessage(
    "Usage",
    "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
    Justification = "It is in programs only."
)]
internal static class GlobalizationStart
{
    private const int ExitCode = 1;

    // The names that the runtime tries, the newest first; the variable is the runtime's own (it then tries that version alone).
    private const int NewestVersion = 120,
        OldestVersion = 50;
    private const string VersionVariable = "CLR_ICU_VERSION_OVERRIDE";

    [ModuleInitializer]
    internal static void Prepare()
    {
        if (OperatingSystem.IsLinux() && !HasIcu())
        {
            AppContext.SetSwitch("System.Globalization.Invariant", true); // so that the line below can be written
            System.Console.Error.WriteLine(
                "ICU is missing, by which Notify maps mail domains. Install libicu (Debian and Ubuntu: libicu-dev; Fedora and RHEL: libicu; "
                    + "Alpine: icu-libs and icu-data-full), or take a base image that has it."
            );
            Environment.Exit(ExitCode);
        }
        // What a service writes does not depend on the language of the machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    }

    private static bool HasIcu()
    {
        if (Environment.GetEnvironmentVariable(VersionVariable) is { Length: > 0 } version)
            return IsThere("." + version);
        if (IsThere(""))
            return true;
        for (var number = NewestVersion; number >= OldestVersion; number--)
        {
            if (IsThere("." + Name(number)))
                return true;
        }
        return false;
    }

    private static bool IsThere(string version) =>
        NativeLibrary.TryLoad("libicuuc.so" + version, out _) && NativeLibrary.TryLoad("libicui18n.so" + version, out _);

    /// <summary>Digits without the help of a culture.</summary>
    private static string Name(int number) => number >= 100 ? $"1{Two(number - 100)}" : Two(number);

    private static string Two(int number) => new([(char)('0' + number / 10), (char)('0' + number % 10)]);
}
