namespace PruneNotebooks.PackageTests;

[Collection(InAnEmptyHome.Name)]
public sealed class ProgramTests(EmptyHome home)
{
    const string Question =
        """
        var model = Vlm.Load("scene-llava");
        var scene = Scenes.Draw(seed: 7);
        var question = scene.Questions[0];
        var answer = model.Answer(scene.Image, question.Text, PruningPlan.At(Stage.Projector, new DivPrune(), keep: 0.5));
        Console.WriteLine($"{question.Text} {answer.Text} ({question.Answer}), {answer.Trace.KeptVisualTokens} of {answer.Trace.AllVisualTokens} tokens");
        """;
    const string Names =
        """
        using PruneNotebooks.Models;
        using PruneNotebooks.Pruners;
        using PruneNotebooks.Scenes;
        using PruneNotebooks.Tokens;
        using TorchSharp;
        """;

    // The answer, the right answer, and half of the tokens.
    const string RightAnswer = @"(?m)^.+ [?.] (.+) \(\1\), 72 of 144 tokens\n$";

    static string LibTorch => $"libtorch-cpu-{(OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64")}";

    [Fact]
    public async Task A_console_program_answers_with_half_of_the_tokens_and_may_touch_torch_first()
    {
        string folder = home.NewFolder();
        File.WriteAllText(Path.Combine(folder, "ask.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="PruneNotebooks" Version="{home.Packages.Version}" />
                <PackageReference Include="{LibTorch}" Version="2.10.0" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "ask.cs"), $"{Names}\nConsole.WriteLine(torch.ones(3).sum().item<float>());\nif (args.Length == 0) return;\n{Question}\n");
        var build = (await home.RunAsync("dotnet", ["build", "--nologo"], folder)).Succeeded();
        TestContext.Current.SendDiagnosticMessage("restored and built in {0:0.0} s", build.Time.TotalSeconds);
        Assert.Equal("3\n", (await home.RunAsync("dotnet", ["run", "--no-build"], folder)).Succeeded().Output);
        Assert.Matches(RightAnswer, (await home.RunAsync("dotnet", ["run", "--no-build", "ask"], folder)).Succeeded().Output);
    }
}
