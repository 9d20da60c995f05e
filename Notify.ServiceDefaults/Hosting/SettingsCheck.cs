using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Notify.ServiceDefaults.Hosting;

/// <summary>Finds missing and wrong settings before a service starts, so that whoever runs it reads a line for each instead of a stack
/// trace.</summary>
public static class SettingsCheck
{
    /// <summary>The exit code of a program whose settings are wrong.</summary>
    public const int ExitCode = 1;

    /// <summary>What is wrong, as everything that is validated at the start says it.</summary>
    public static IReadOnlyList<string> Faults(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (OptionsValidationException wrong)
        {
            return [.. wrong.Failures.Distinct()];
        }
        catch (InvalidOperationException wrong) when (wrong.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            return [wrong.Message]; // a word where a number is wanted
        }
        catch (AggregateException several) when (several.InnerExceptions.All(fault => fault is OptionsValidationException))
        {
            return [.. several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(wrong => wrong.Failures).Distinct()];
        }
    }

    /// <summary>Writes what is wrong, a line for each. Whether anything is.</summary>
    public static bool Reports(IServiceProvider services)
    {
        var faults = Faults(services);
        foreach (var fault in faults)
            Console.Error.WriteLine($"Settings: {fault}");
        return faults.Count > 0;
    }
}
