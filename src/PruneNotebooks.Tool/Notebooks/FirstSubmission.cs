using System.Globalization;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>What the kernel runs before the first cell of a notebook.</summary>
static class FirstSubmission
{
    /// <summary>
    /// A block without declarations, so that nothing of it is visible in cells. It ends the kernel when this program ends (a kernel whose
    /// parent is gone would go on for ever, at full speed), and has C# compiled with line numbers, under the submission's token as file name.
    /// The field is private; this release of the kernel is its last, and without the field only the line numbers are missing.
    /// </summary>
    public static string Code => $$"""
        {
            new System.Threading.Thread(() =>
            {
                try
                {
                    System.Diagnostics.Process.GetProcessById({{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}}).WaitForExit();
                }
                catch (System.ArgumentException)
                {
                    // It has ended already.
                }
                System.Diagnostics.Process.GetCurrentProcess().Kill();
            }) { IsBackground = true }.Start();

            var csharp = System.Linq.Enumerable.First(
                ((Microsoft.DotNet.Interactive.CompositeKernel)Microsoft.DotNet.Interactive.Kernel.Root).ChildKernels, kernel => kernel.Name == "csharp");
            var options = csharp.GetType().GetField("_scriptOptions", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance);
            csharp.AddMiddleware((command, context, next) =>
            {
                if (command is Microsoft.DotNet.Interactive.Commands.SubmitCode && options?.GetValue(csharp) is Microsoft.CodeAnalysis.Scripting.ScriptOptions current)
                    options.SetValue(csharp, current.WithEmitDebugInformation(true).WithFileEncoding(System.Text.Encoding.UTF8).WithFilePath(command.GetOrCreateToken()));
                return next(command, context);
            });
        }
        """;
}
