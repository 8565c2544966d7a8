using System.Diagnostics;
using PruneNotebooks.Display;
using PruneNotebooks.Models;
using PruneNotebooks.Runtime;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tool.Diagnosis;

/// <summary>Models, whether the one that comes along answers, and where things are kept.</summary>
static class ModelChecks
{
    const string Embedded = "scene-llava";

    public static IEnumerable<Check> All(Health torch)
    {
        foreach (string missing in (Environment.GetEnvironmentVariable(ModelFolders.Variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(folder => !Directory.Exists(folder)))
            yield return new("models", Health.Warn, $"{ModelFolders.Variable} names {missing}, and there is no such folder", $"Correct {ModelFolders.Variable}.");
        var models = ModelFolders.Available();
        foreach (var (name, folder) in models) yield return Check.Ok("models", $"{name}, {Units.Bytes(SizeOf(folder))}, {folder}");
        if (!models.ContainsKey(Embedded))
            yield return new("models", Health.Bad, $"{Embedded}, which comes with the library, is not found", $"Name the folder above it in {ModelFolders.Variable}, or install the package again.");
        else if (torch == Health.Ok) yield return SelfTest();
        else yield return new("self-test", torch, "not possible without libtorch", "See above.");
        yield return Cache("native cache", CacheFolder.Of("native"), "copies of TorchSharp's shim");
        yield return Cache("torch cache", CacheFolder.Of("torch"), "libtorch, for an installed prune");
        yield return Cache("NuGet folder", NuGetPackages.Folder, "packages, the kernel among them");
        yield return Cache("Hugging Face", HuggingFaceCache.Default.Folder, "downloaded models, found by name");
    }

    static Check SelfTest()
    {
        try
        {
            var clock = Stopwatch.StartNew();
            // Colours are what the model is surest of: it names all of them on hundreds of scenes.
            var (scene, question) = Scenes.Scenes.HeldOut(9).SelectMany(scene => scene.Questions, (scene, question) => (scene, question)).First(pair => pair.question.Kind == QuestionKind.Colour);
            using var model = Vlm.Load(Embedded);
            var answer = model.Answer(scene.Image, question.Text);
            string said = $"\"{question.Text}\" \"{answer.Text}\"";
            return answer.Text == question.Answer
                ? Check.Ok("self-test", $"{Embedded} answers {said}, which is right; loaded and answered in {Units.Time(clock.Elapsed)}")
                : new("self-test", Health.Bad, $"{Embedded} answers {said}, but \"{question.Answer}\" is right", "The model's files are damaged, or libtorch computes wrongly here: check out the files again.");
        }
        catch (Exception e)
        {
            return new("self-test", Health.Bad, $"{Embedded} does not answer: {Check.Cause(e)}", "The model's files may be damaged: check them out again, or install the package again.");
        }
    }

    static Check Cache(string topic, string folder, string what) =>
        Check.Ok(topic, Directory.Exists(folder) ? $"{folder} ({what})" : $"{folder} ({what}), not there yet");

    static long SizeOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
