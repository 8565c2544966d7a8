using System.CommandLine;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune kernel</c>: makes the notebook kernel known to front ends.</summary>
static class KernelCommand
{
    static readonly Option<bool> User = new("--user") { Description = "For this user, whatever Python they use (the default)." };
    static readonly Option<bool> ActiveEnvironment = new("--sys-prefix") { Description = "For the Python or conda environment that is active in this shell." };
    static readonly Option<string?> Prefix = new("--prefix") { Description = "Below this folder, in share/jupyter/kernels.", HelpName = "folder" };

    public static Command Create() => new("kernel", "Make the C# kernel known to VS Code, JupyterLab and every other Jupyter front end.")
    {
        KernelInstallCommand.Create(),
        KernelUninstallCommand.Create(),
        KernelListCommand.Create(),
    };

    /// <summary>The options that say where a kernelspec lies.</summary>
    public static void AddPlaces(Command command)
    {
        command.Add(User);
        command.Add(ActiveEnvironment);
        command.Add(Prefix);
    }

    /// <summary>The place that a command line names.</summary>
    /// <exception cref="UsageException">It names several, or an environment where none is active.</exception>
    public static KernelInstallation PlaceOf(ParseResult parse)
    {
        string? prefix = parse.GetValue(Prefix);
        bool environment = parse.GetValue(ActiveEnvironment);
        if ((parse.GetValue(User) ? 1 : 0) + (environment ? 1 : 0) + (prefix is null ? 0 : 1) > 1)
            throw new UsageException("--user, --sys-prefix and --prefix name one place each; use one of them.");
        if (prefix is not null && string.IsNullOrWhiteSpace(prefix)) throw new UsageException("--prefix: name a folder, for example --prefix /usr/local.");
        if (environment && JupyterFolders.ActiveEnvironment is null)
            throw new UsageException("--sys-prefix: no Python environment is active (neither VIRTUAL_ENV nor CONDA_PREFIX is set); activate one, or name its folder with --prefix.");
        return new(prefix is not null ? JupyterFolders.In(prefix) : environment ? JupyterFolders.ActiveEnvironment! : JupyterFolders.User);
    }
}
