using System.CommandLine;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune kernel uninstall</c>: removes what <c>install</c> wrote.</summary>
static class KernelUninstallCommand
{
    public static Command Create()
    {
        var command = new Verb("uninstall", $"Remove the kernelspec '{KernelSpec.Name}' that 'prune kernel install' wrote.");
        KernelCommand.AddPlaces(command);
        command.Details = "Removes what this program wrote and nothing else; a kernelspec of the same name from another program is left alone.";
        command.Examples = [("Undo 'prune kernel install'.", "prune kernel uninstall")];
        command.NeedsTorch = false;
        command.SetAction(Run);
        return command;
    }

    static int Run(ParseResult parse)
    {
        KernelInstallation place = KernelCommand.PlaceOf(parse);
        Screen.Of(parse).Line(place.Uninstall() ? $"{place.Folder} removed." : $"There is no kernelspec '{KernelSpec.Name}' in {place.Kernels}.");
        return 0;
    }
}
