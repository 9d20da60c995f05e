namespace Aspire.Hosting.Dashboard;

/// <param name="ToolsFolder">Where the dashboard's program is kept once fetched; shared by all hosts of this user.</param>
/// <param name="LogFolder">Where its output goes (dashboard.log, overwritten by each start of the host).</param>
/// <param name="Enabled">False in tests and where the application asks for none (DistributedApplicationOptions.DisableDashboard).</param>
internal sealed record DashboardOptions(string ToolsFolder, string LogFolder, bool Enabled = true);
