using PruneNotebooks.Runtime;
using PruneNotebooks.Tool.Notebooks;
using PruneNotebooks.Tool.Torch;
using TorchSharp;

namespace PruneNotebooks.Tool.Diagnosis;

/// <summary>libtorch, the GPU's driver, and what models compute on.</summary>
static class TorchChecks
{
    public static async Task<IReadOnlyList<Check>> AllAsync(TorchBackend? asked, CancellationToken cancel)
    {
        List<Check> checks = [.. Libraries(asked)];
        bool works = checks[^1].Health == Health.Ok;
        checks.Add(await DriverAsync(works, cancel));
        if (works) checks.AddRange(Compute(asked));
        return checks;
    }

    static IEnumerable<Check> Libraries(TorchBackend? asked)
    {
        if (TorchLibraries.Find(asked) is not { } folder)
        {
            var backend = asked ?? TorchBackend.Cpu;
            yield return new("libtorch", Health.Warn, $"{backend} is not on this machine yet; looked {TorchLibraries.Places(backend)}", $"The first command that computes, such as 'prune ask', restores it: {backend.Size}.");
            yield break;
        }
        yield return Check.Ok("back end", $"{TorchLibraries.Kind(folder)!.Name}, {folder}");
        TorchNativeReport report = TorchLibraries.Load(folder);
        bool failed = report.Error is not null;
        // A library that loads in a later attempt is no reason to worry.
        foreach (var attempt in report.Tried)
            yield return new("native", attempt.Error is null || !failed ? Health.Ok : Health.Warn, attempt.Error is null ? $"{attempt.Path} loaded" : $"{attempt.Path}: {attempt.Error}");
        yield return failed ? new("libtorch", Health.Bad, report.Action, report.Error) : TryTensors(report.Action);
    }

    static Check TryTensors(string action)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            double sum = torch.ones(2, 3).matmul(torch.ones(3, 2)).sum().ToDouble();
            return sum == 12
                ? Check.Ok("libtorch", $"{torch.__version__} computes; {action}")
                : new("libtorch", Health.Bad, $"a product of ones gave {sum} instead of 12", "Remove the libtorch packages from the NuGet folder and restore them.");
        }
        catch (Exception e)
        {
            return new("libtorch", Health.Bad, Check.Cause(e), "Add the package libtorch-cpu for this platform, or TorchSharp-cuda-linux on a machine with an NVIDIA GPU, to the project.");
        }
    }

    static async Task<Check> DriverAsync(bool works, CancellationToken cancel)
    {
        const string topic = "driver";
        string? driver = File.Exists("/proc/driver/nvidia/version") ? File.ReadLines("/proc/driver/nvidia/version").FirstOrDefault()?.Trim() : null;
        if (Executables.Find("nvidia-smi") is { } smi)
        {
            var asked = await CommandResult.RunAsync(smi, ["--query-gpu=name,driver_version,compute_cap,memory.total", "--format=csv,noheader"], Path.GetTempPath(), cancel);
            driver = asked.ExitCode == 0 ? string.Join("; ", asked.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)) : driver ?? $"nvidia-smi says: {asked.LastLines(2)}";
        }
        if (driver is null) return Check.Ok(topic, "no NVIDIA driver: models compute on the CPU");
        if (!works) return Check.Ok(topic, driver);
        if (!torch.cuda_is_available())
            return new(topic, Health.Warn, $"{driver}; libtorch finds no CUDA device", SystemChecks.Loaded("libtorch_cuda") is not null
                ? "The driver may be too old for CUDA 12.8, or the container was started without access to the GPU (--gpus all)."
                : "This is libtorch for the CPU. To use the GPU: --torch cuda with an installed prune, -p:TorchBackend=cuda when it is built.");
        try
        {
            using var scope = torch.NewDisposeScope();
            torch.ones(8, 8, device: torch.CUDA).matmul(torch.ones(8, 8, device: torch.CUDA)).sum().ToDouble();
            return Check.Ok(topic, $"{driver}; {torch.cuda.device_count()} CUDA devices, the first one computes");
        }
        catch (Exception e)
        {
            return new(topic, Health.Bad, $"{driver}; the GPU does not compute: {Check.Cause(e)}", "This build of libtorch has no code for this GPU's compute capability, or the driver is too old: load models on the CPU, or update.");
        }
    }

    static IEnumerable<Check> Compute(TorchBackend? asked)
    {
        yield return asked == TorchBackend.Cuda && !torch.cuda_is_available()
            ? new("device", Health.Bad, "--torch cuda asks for a CUDA device, and libtorch finds none", "The line 'driver' says why; --device cpu computes on the CPU.")
            : Check.Ok("device", $"{Runtime.Compute.Choose()}");
        int threads = torch.get_num_threads(), processors = Environment.ProcessorCount;
        string variable = Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { Length: > 0 } set ? $" (OMP_NUM_THREADS={set})" : "";
        yield return threads <= processors
            ? Check.Ok("threads", $"{threads} threads for one operation{variable}, {processors} processors")
            : new("threads", Health.Warn, $"{threads} threads for one operation{variable}, but {processors} processors", $"Set OMP_NUM_THREADS={processors}: more threads than processors slow each other down.");
    }
}
