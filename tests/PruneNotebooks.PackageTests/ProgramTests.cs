namespace PruneNotebooks.PackageTests;

/// <summary>The library in programs.</summary>
[Collection(InAnEmptyHome.Name)]
public sealed class ProgramTests(EmptyHome home)
{
    const string OnlyTorch = "Console.WriteLine(TorchSharp.torch.ones(3).sum().item<float>());\n";

    [Fact]
    public async Task A_console_program_answers_with_half_of_the_tokens()
    {
        string folder = Project("PruneNotebooks.Runtime.Compute.FirstUse += compute => Console.WriteLine($\"Computing on {compute}\");\n" + Question.Code + "Vlm.Load(\"scene-llava\").Dispose();\n");
        var build = (await home.RunAsync("dotnet", ["build", "--nologo"], folder)).Succeeded();
        TestContext.Current.SendDiagnosticMessage("a program, restored and built: {0:0.0} s", build.Time.TotalSeconds);
        Assert.Contains("0 Warning(s)", build.Output);
        var run = (await home.RunAsync("dotnet", ["run", "--no-build"], folder)).Succeeded();
        TestContext.Current.SendDiagnosticMessage("its answer: {0:0.0} s", run.Time.TotalSeconds);
        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        // Two models are loaded; device and reason are told once.
        Assert.Equal(2, lines.Length);
        Assert.Matches("^Computing on (cpu|cuda).* \\(.*; Float32: .*\\)$", lines[0]);
        Question.IsAnswered(lines[1]);
    }

    [Fact]
    public async Task A_program_that_only_touches_TorchSharp_gets_libtorch_too()
    {
        // Nothing of ours is named: only the hook of the package can have loaded it.
        string folder = Project(OnlyTorch, names: "");
        Assert.Equal("3\n", (await home.RunAsync("dotnet", ["run"], folder)).Succeeded().Output);
    }

    [Fact]
    public async Task A_file_based_app_answers_with_half_of_the_tokens()
    {
        string folder = home.NewFolder();
        File.WriteAllText(Path.Combine(folder, "ask.cs"),
            $"#:package PruneNotebooks@{home.Packages.Version}\n#:package {Question.LibTorch}@{Question.LibTorchVersion}\n{Question.Names}{OnlyTorch}{Question.Code}");
        string[] lines = (await home.RunAsync("dotnet", ["run", "ask.cs"], folder)).Succeeded().Output.TrimEnd('\n').Split('\n');
        Assert.Equal("3", lines[0]);
        Question.IsAnswered(lines[1]);
    }

    string Project(string code, string names = Question.Names)
    {
        string folder = home.NewFolder();
        File.WriteAllText(Path.Combine(folder, "ask.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="PruneNotebooks" Version="{home.Packages.Version}" />
                <PackageReference Include="{Question.LibTorch}" Version="{Question.LibTorchVersion}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "ask.cs"), names + code);
        return folder;
    }
}
