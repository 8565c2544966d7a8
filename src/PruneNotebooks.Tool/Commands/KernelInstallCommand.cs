using System.CommandLine;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune kernel install</c>: writes the kernelspec.</summary>
static class KernelInstallCommand
{
    static readonly Option<bool> Replace = new("--replace") { Description = $"Replace a kernelspec '{KernelSpec.Name}' that another program has written." };

    public static Command Create()
    {
        var command = new Verb("install", $"Install the kernel '{KernelSpec.DisplayName}', or bring it up to date.");
        KernelCommand.AddPlaces(command);
        command.Add(Replace);
        command.Details =
            $"""
            Writes a kernelspec '{KernelSpec.Name}' that starts the pinned version of .NET Interactive. Neither Jupyter nor Python is needed. Run in a
            checkout, notebooks of the kernel load the library of that checkout as it is now, wherever they lie; run it again after a change.
            """;
        command.Examples =
        [
            ("For VS Code, and for every Jupyter of this user.", "prune kernel install"),
            ("Into the active Python environment.", "prune kernel install --sys-prefix"),
            ("Below a folder of your own; JUPYTER_PATH=/opt/jupyter/share/jupyter points front ends to it.", "prune kernel install --prefix /opt/jupyter"),
        ];
        command.NeedsTorch = false;
        command.SetAction(RunAsync);
        return command;
    }

    static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var screen = Screen.Of(parse);
        void Say(string text) => screen.Line(text);
        KernelInstallation place = KernelCommand.PlaceOf(parse);
        bool replace = parse.GetValue(Replace);
        place.ThrowIfForeign(replace);
        string? root = Checkout.Find(Directory.GetCurrentDirectory());
        KernelTool tool = await KernelTool.FindAsync(root ?? AppContext.BaseDirectory, Say, cancel);
        using LocalFeed? feed = root is null ? null : await LocalFeed.PrepareAsync(root, Checkout.Library, Checkout.PackageInputs, Say, cancel);
        KernelChange change = place.Install(tool, root, feed, replace);
        Say(change switch
        {
            KernelChange.None => $"{place.Folder} is up to date.",
            KernelChange.Updated => $"{place.Folder} updated; restart the kernels of notebooks that are open.",
            _ => $"{place.Folder} written.",
        });
        if (!JupyterFolders.Searched.Contains(place.Kernels)) Say($"Front ends look there when JUPYTER_PATH names {Path.GetDirectoryName(place.Kernels)}.");
        else if (change == KernelChange.Installed) Say($"Notebooks in VS Code and Jupyter now find the kernel '{KernelSpec.DisplayName}'; choose it where they ask.");
        return 0;
    }
}
