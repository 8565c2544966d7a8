using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Models;

public sealed class ModelFoldersTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_embedded_model_is_found_by_its_name()
    {
        string folder = ModelFolders.Find("scene-llava");
        Assert.True(Path.IsPathFullyQualified(folder));
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
        Assert.Equal(folder, ModelFolders.Available()["scene-llava"]);
    }

    [Fact]
    public void An_existing_folder_is_taken_as_it_is()
    {
        Assert.Equal(Model("here/mine"), Find(Path.Combine(_folder.Path, "here", "mine")));
        string bare = Directory.CreateDirectory(_folder["without-config"]).FullName;
        Assert.Equal(bare, Find(bare));
    }

    [Fact]
    public void A_name_is_looked_up_in_the_order_of_the_places()
    {
        string first = Model("a/m"), second = Model("b/m"), other = Model("b/n");
        string[] places = [_folder["missing"], _folder["a"], _folder["b"]];
        Assert.Equal(first, Find("m", places));
        Assert.Equal(second, Find("m", places.Reverse()));
        Assert.Equal(other, Find("n", places));
        Assert.Equal(["m", "n"], ModelFolders.Available(places).Keys);
        Assert.Equal(first, ModelFolders.Available(places)["m"]);
    }

    [Fact]
    public void A_name_may_have_two_parts()
    {
        string folder = Model("all/llava-hf/llava-1.5-7b-hf");
        Assert.Equal(folder, Find("llava-hf/llava-1.5-7b-hf", [_folder["all"]]));
    }

    [Fact]
    public void A_downloaded_model_is_found_in_the_cache_of_the_hugging_face_tools()
    {
        string folder = Model("hub/models--llava-hf--llava-1.5-7b-hf/snapshots/abc");
        Assert.Throws<DirectoryNotFoundException>(() => Find("llava-hf/llava-1.5-7b-hf"));
        Write("hub/models--llava-hf--llava-1.5-7b-hf/refs/main", "abc\n");
        Assert.Equal(folder, Find("llava-hf/llava-1.5-7b-hf"));
    }

    [Fact]
    public void Places_come_from_the_variable_then_the_repository_then_the_program_then_the_package()
    {
        string data = Directory.CreateDirectory(Path.Combine(_folder.Path, "repository", "data", "models")).FullName;
        string work = Directory.CreateDirectory(Path.Combine(_folder.Path, "repository", "notebooks", "deep")).FullName;
        string program = _folder["program"], library = Path.Combine(_folder.Path, "packages", "prunenotebooks", "1.0.0", "lib", "net10.0");
        string variable = string.Join(Path.PathSeparator, _folder["x"], "", _folder["y"]);
        var places = ModelFolders.Places(variable, work, program, library);
        Assert.Equal(
            [
                _folder["x"], _folder["y"], data, Path.Combine(program, "models"),
                Path.Combine(_folder.Path, "packages", "prunenotebooks", "1.0.0", "models"),
            ],
            places.Where(place => place.StartsWith(_folder.Path, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_program_in_one_file_looks_beside_itself() =>
        Assert.Contains(_folder["models"], ModelFolders.Places(null, Path.GetTempPath(), _folder.Path, libraryFolder: null));

    [Fact]
    public void An_unknown_name_is_answered_with_the_places_and_the_names_there()
    {
        Model("a/one");
        Model("a/two");
        string message = Assert.Throws<DirectoryNotFoundException>(() => Find("three", [_folder["a"]])).Message;
        Assert.Equal(
            $"No model is called 'three' in {_folder["a"]}, {_folder["hub"]} (which hold one, two): "
            + "give the path of a folder with a config.json, or add the folder above it to PRUNE_MODELS.", message);
        Assert.Contains("(which hold no model)", Assert.Throws<DirectoryNotFoundException>(() => Find("three")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_leads_nowhere_or_to_a_file_is_named()
    {
        string missing = _folder["missing"], file = _folder["model.safetensors"];
        File.WriteAllText(file, "");
        Assert.Equal($"There is no model folder '{missing}'.", Assert.Throws<DirectoryNotFoundException>(() => Find(missing)).Message);
        Assert.StartsWith($"'{file}' is a file", Assert.Throws<DirectoryNotFoundException>(() => Find(file)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Find(" "));
    }

    string Find(string model, IEnumerable<string>? places = null) =>
        ModelFolders.Find(model, [.. places ?? []], new(_folder["hub"]));

    string Model(string folder)
    {
        Write(folder + "/config.json", "{}");
        return _folder[folder];
    }

    void Write(string file, string text)
    {
        string path = _folder[file];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
