using System.Buffers.Binary;
using System.Text.Json.Nodes;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Commands;

public sealed class SelectCommandTests : IDisposable
{
    const int N = 16, Heads = 3, Layers = 5;

    readonly TemporaryFolder folder = new();
    readonly DisposeScope scope = NewDisposeScope();

    public SelectCommandTests() => random.manual_seed(7);

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    string DumpWith(Dictionary<string, string>? metadata, params (string Name, Tensor Value)[] tensors)
    {
        string path = folder["dump.safetensors"];
        SafetensorsWriter.Write(path, tensors.Select(t => KeyValuePair.Create(t.Name, t.Value)), metadata);
        return path;
    }

    string Dump(params (string Name, Tensor Value)[] tensors) => DumpWith(null, tensors);

    static Task<(int Code, string Output, string Error)> SelectAsync(string method, string dump, string keep, params string[] more) =>
        Prune.RunAsync(["select", "--method", method, "--in", dump, "--keep", keep, .. more]);

    static async Task<long[]> IndicesAsync(string method, string dump, string keep, params string[] more)
    {
        var (code, output, error) = await SelectAsync(method, dump, keep, more);
        Assert.Equal("", error);
        Assert.Equal(0, code);
        return [.. JsonNode.Parse(output)!["indices"]!.AsArray().Select(index => (long)index!)];
    }

    [Fact]
    public async Task Json_holds_the_indices_and_a_score_for_every_token()
    {
        var features = randn(N, 8);
        var (code, output, _) = await SelectAsync("divprune", Dump(("features", features)), "0.25");
        var json = JsonNode.Parse(output)!;
        using var expected = new DivPrune().Select(new PruningContext(features), 4);
        Assert.Equal(0, code);
        Assert.Equal(expected.Kept, json["indices"]!.AsArray().Select(index => (long)index!));
        Assert.Equal(N, json["scores"]!.AsArray().Count);
        Assert.Equal((N, 4, "25 %"), ((int)json["tokens"]!, (int)json["kept"]!, (string)json["budget"]!));
    }

    [Fact]
    public async Task Tensors_and_files_of_both_kinds_can_be_written()
    {
        string dump = Dump(("features", randn(N, 8)));
        long[] indices = await IndicesAsync("divprune", dump, "5");
        await SelectAsync("divprune", dump, "5", "--out", folder["out.json"]);
        Assert.Equal(indices, JsonNode.Parse(await File.ReadAllTextAsync(folder["out.json"], TestContext.Current.CancellationToken))!["indices"]!.AsArray().Select(index => (long)index!));
        await SelectAsync("divprune", dump, "5", "--out", folder["out.safetensors"]);
        using var file = SafetensorsFile.Open(folder["out.safetensors"]);
        Assert.Equal(indices, file.Read("indices").data<long>().ToArray());
        Assert.Equal([N], file.Read("scores").shape);
        Assert.Equal("divprune", file.Metadata["method"]);
    }

    [Fact]
    public async Task Class_attention_comes_alone_by_layer_or_out_of_the_whole_attention()
    {
        var whole = randn(Layers, Heads, N + 1, N + 1).softmax(-1);
        var rows = whole.narrow(2, 0, 1).narrow(3, 1, N).squeeze(2);
        long[] expected = await IndicesAsync("fastervlm", Dump(("cls_attention", rows[Layers - 2].clone())), "6");
        Assert.Equal(expected, await IndicesAsync("fastervlm", Dump(("cls_attention", rows.clone())), "6"));
        Assert.Equal(expected, await IndicesAsync("fastervlm", DumpWith(new() { ["vision_layers"] = "5" }, ("cls_attention.3", rows[3].clone())), "6"));
        Assert.Equal(expected, await IndicesAsync("fastervlm", Dump(("vision_attention", whole)), "6", "--grid", "4x4"));
        Assert.NotEqual(expected, await IndicesAsync("fastervlm", DumpWith(new() { ["feature_layer"] = "0" }, ("cls_attention", rows.clone())), "6"));
    }

    [Fact]
    public async Task Received_attention_is_the_mean_over_the_whole_attention()
    {
        var whole = randn(Layers, Heads, N + 1, N + 1).softmax(-1);
        string[] grid = ["--grid", "4x4"];
        long[] expected = await IndicesAsync("hiprune", Dump(("vision_attention_received", whole.mean([2]).narrow(2, 1, N).clone())), "12", grid);
        Assert.Equal(expected, await IndicesAsync("hiprune", Dump(("vision_attention", whole)), "12", grid));
    }

    [Fact]
    public async Task The_decoders_attention_is_read_in_the_layer_before_the_stage()
    {
        var whole = randn(4, Heads, 30, 30).softmax(-1);
        var last = whole.narrow(2, 29, 1).narrow(3, 5, N).squeeze(2);
        foreach (int stage in new[] { 1, 2, 4 })
        {
            string[] at = ["--at", $"decoder:{stage}"];
            long[] expected = Order(last[stage - 1].mean([0]))[..5];
            Assert.Equal(expected.Order(), await IndicesAsync("fastv", Dump(("last_token_attention", last.clone())), "5", at));
            Assert.Equal(expected.Order(), await IndicesAsync("fastv", DumpWith(new() { ["visual_start"] = "5" }, ("decoder_attention", whole)), "5", [.. at, "--grid", "4x4"]));
        }

        static long[] Order(Tensor scores) => scores.argsort(descending: true).data<long>().ToArray();
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float64)]
    public async Task Every_floating_point_type_is_read(ScalarType type)
    {
        var attention = rand(Heads, N).to(type);
        long[] expected = await IndicesAsync("fastervlm", Dump(("cls_attention", attention.to(ScalarType.Float32))), "6");
        Assert.Equal(expected, await IndicesAsync("fastervlm", Dump(("cls_attention", attention)), "6"));
    }

    public static TheoryData<string, string, string, string> Requests => new()
    {
        { "fastervlm", "features", "4", "lacks the vision tower's attention of the class token in the feature layer: add a tensor 'cls_attention' [H, N] or 'vision_attention' [H, N+1, N+1]. It has features." },
        { "hiprune", "features", "4", "add a tensor 'vision_attention_received' [H, N] or 'vision_attention' [H, S, S]" },
        { "fastv", "features", "4", "add a tensor 'last_token_attention' [H, N] or 'decoder_attention' [H, T, T]" },
        { "divprune", "attention", "4", "lacks the tensor 'features' [N, D]. It has cls_attention." },
        { "divprune", "features", "17", "The budget keeps 17 tokens but only 16 arrive" },
        { "divprune", "features", "0", "A budget keeps at least 1 token; it was asked to keep 0" },
        { "divprune", "features", "-3", "A budget keeps at least 1 token; it was asked to keep -3" },
        { "divprune", "features", "9.5", "above 0 and at most 1; it was 9.5" },
        { "divprune", "nan", "4", "tensor 'features' holds NaN at [3, 1]; only finite numbers can be ranked" },
        { "divprune", "infinite", "4", "tensor 'features' holds -Infinity at [0, 0]" },
        { "divprune", "integers", "4", "tensor 'features' holds I64; F32, F64, F16 or BF16 is expected" },
        { "divprune", "complex", "4", "tensor 'features' holds C64" },
        { "divprune", "flat", "4", "tensor 'features' is [16]; [N, D] with N = 16 is expected" },
        { "fastervlm", "disagreeing", "4", "tensor 'cls_attention' is [3, 15]; [H, N] with N = 16 is expected" },
        { "random", "empty", "4", "does not say how many visual tokens there are" },
        { "fastervlm", "numbered", "4", "add 'vision_layers'" },
        { "divprune", "truncated", "4", "bytes follow the header" },
        { "divprune", "hostile", "4", "the header is said to have 1152921504606846976 bytes" },
        { "divprune", "text", "4", "byte 0" },
        { "divprune", "nothing", "4", "begins with the 8 bytes of its header's length" },
        { "divprune", "folder", "4", "is a folder" },
        { "fastv", "decoder", "4", "16 visual tokens from position 9 on do not fit into a prompt of 20 tokens" },
        { "fastv", "startless", "4", "add 'visual_start'" },
        { "divprune", "missing", "4", "missing.safetensors" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task What_cannot_be_done_is_said_in_one_sentence_and_nothing_is_written(string method, string input, string keep, string sentence)
    {
        string[] grid = input == "empty" ? [] : ["--grid", "4x4"];
        Assert.Contains(sentence, await Prune.RefusedAsync(1, ["select", "--method", method, "--in", Damaged(input), "--keep", keep, "--out", folder["out.json"], .. grid]));
        Assert.Equal(input is "missing" or "folder" ? 0 : 1, Directory.GetFiles(folder.Path).Length);
    }

    string Damaged(string input)
    {
        var features = randn(N, 8);
        var (nan, infinite) = (features.clone(), features.clone());
        nan[3, 1] = float.NaN;
        infinite[0, 0] = float.NegativeInfinity;
        string path = input switch
        {
            "attention" => Dump(("cls_attention", rand(Heads, N))),
            "nan" => Dump(("features", nan)),
            "infinite" => Dump(("features", infinite)),
            "integers" => Dump(("features", ones(N, 8, ScalarType.Int64))),
            "complex" => Dump(("features", features.to(ScalarType.ComplexFloat32))),
            "flat" => Dump(("features", randn(N))),
            "disagreeing" => Dump(("features", features), ("cls_attention", rand(Heads, 15))),
            "empty" => Dump(),
            "numbered" => Dump(("cls_attention.3", rand(Heads, N))),
            "folder" => Directory.CreateDirectory(folder["folder"]).FullName,
            "decoder" => DumpWith(new() { ["visual_start"] = "9" }, ("decoder_attention", rand(Heads, 20, 20))),
            "startless" => Dump(("decoder_attention", rand(Heads, 20, 20))),
            "missing" => folder["missing.safetensors"],
            _ => Dump(("features", features)),
        };
        byte[] bytes = input is "missing" or "folder" ? [] : File.ReadAllBytes(path);
        byte[]? damaged = input switch
        {
            "truncated" => bytes[..^9],
            "hostile" => Hostile(bytes),
            "text" => "these are no tensors, but a text"u8.ToArray(),
            "nothing" => [],
            _ => null,
        };
        if (damaged is not null) File.WriteAllBytes(path, damaged);
        return path;

        static byte[] Hostile(byte[] bytes)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, 1UL << 60);
            return bytes;
        }
    }

    [Theory]
    [InlineData("--keep is a number of tokens", "--keep", "few")]
    [InlineData("--grid is rows x columns", "--keep", "4", "--grid", "4by4")]
    [InlineData("--at is projector", "--keep", "4", "--at", "middle:2")]
    [InlineData("--out ends in .json or .safetensors", "--keep", "4", "--out", "out.csv")]
    [InlineData("Say how many tokens stay")]
    public async Task A_command_line_that_makes_no_sense_is_exit_code_2(string sentence, params string[] more) =>
        Assert.StartsWith(sentence, await Prune.RefusedAsync(2, ["select", "--method", "divprune", "--in", Dump(("features", randn(N, 8))), .. more]));

    [Fact]
    public async Task A_method_that_looks_at_neighbours_asks_for_the_grid_where_there_is_no_square() =>
        Assert.Contains("--grid HxW", await Prune.RefusedAsync(1, "select", "--method", "hiprune", "--in", Dump(("vision_attention_received", rand(Layers, Heads, 60))), "--keep", "55"));
}
