using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using PruneNotebooks.Pruners;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace PruneNotebooks.Tests;

/// <summary>Folders are rooms: which room may know which.</summary>
public sealed class ArchitectureTests
{
    // Rooms that are not named here may know everything but Display; Display may know everything.
    static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Runtime"] = [],
        ["Tokens"] = ["Runtime"],
        ["Primitives"] = ["Tokens", "Runtime"],
        ["Parts"] = ["Primitives", "Tokens", "Runtime"],
        ["Pruners"] = ["Parts", "Primitives", "Tokens", "Runtime"],
        ["Models"] = ["Primitives", "Tokens", "Runtime"],
        ["Metrics"] = ["Models", "Primitives", "Tokens", "Runtime"],
        ["Bench"] = ["Metrics", "Models", "Pruners", "Parts", "Primitives", "Tokens", "Runtime"],
        ["Scenes"] = ["Models", "Metrics", "Tokens", "Runtime"],
    };

    static readonly Architecture Library = new ArchLoader().LoadAssemblies(typeof(MethodCatalogue).Assembly).Build();

    static readonly string[] Rooms = [.. typeof(MethodCatalogue).Assembly.GetTypes().Select(type => type.Namespace).OfType<string>()
        .Where(name => name.StartsWith("PruneNotebooks.", StringComparison.Ordinal)).Select(name => name.Split('.')[1]).Distinct().Order()];

    public static TheoryData<string> AllRooms => [.. Rooms];

    static string In(string room) => $@"^PruneNotebooks\.{room}(\.|$)";

    [Theory, MemberData(nameof(AllRooms))]
    public void A_room_knows_only_what_it_may(string room)
    {
        var known = room == "Display" ? Rooms : MayKnow.GetValueOrDefault(room, [.. Rooms.Except(["Display"])]);
        foreach (string other in Rooms.Except([room, .. known]))
            Types().That().ResideInNamespaceMatching(In(room)).Should().NotDependOnAny(Types().That().ResideInNamespaceMatching(In(other)))
                .Because($"{room} may know {(known.Length == 0 ? "nobody" : string.Join(", ", known))}").Check(Library);
    }

    [Fact]
    public void The_rooms_of_the_rules_exist() => Assert.Subset(Rooms.ToHashSet(), MayKnow.Keys.ToHashSet());

    [Fact]
    public void A_file_lies_in_the_folder_of_its_namespace()
    {
        string source = Path.GetFullPath(TestData.Path("..", "..", "src", "PruneNotebooks"));
        var files = from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
                    let folder = Path.GetRelativePath(source, Path.GetDirectoryName(file)!)
                    where folder.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj" or "buildTransitive" or ".")
                    let name = Regex.Match(File.ReadAllText(file), @"^namespace ([\w.]+);", RegexOptions.Multiline).Groups[1].Value
                    select (File: Path.GetRelativePath(source, file), Expected: "PruneNotebooks." + folder.Replace(Path.DirectorySeparatorChar, '.'), Namespace: name);
        Assert.All(files, file => Assert.Equal(file.Expected, file.Namespace));
    }
}
