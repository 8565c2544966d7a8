using System.CommandLine;
using PruneNotebooks.Tool.Diagnosis;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune kernel list</c>: where the kernelspec lies and how it is.</summary>
static class KernelListCommand
{
    public static Command Create()
    {
        var command = new Verb("list", $"Say where front ends find a kernelspec '{KernelSpec.Name}', and whether it is up to date.")
        {
            Details = "Looks where Jupyter looks, in its order: JUPYTER_PATH, the user's folder, the active environment, the system. The first one counts.",
            Examples = [("Look.", "prune kernel list")],
        };
        command.NeedsTorch = false;
        command.SetAction(Run);
        return command;
    }

    static int Run(ParseResult parse)
    {
        var screen = Screen.Of(parse);
        foreach (Check check in KernelSpecChecks.All(Directory.GetCurrentDirectory())) DoctorCommand.Show(screen, check);
        return 0;
    }
}
