namespace Aspire.Hosting.Local;

/// <summary>Where the build put a project that the AppHost refers to; the generated <c>Projects</c> classes carry it.</summary>
public interface IBuiltProject
{
    string AssemblyPath { get; }
}
