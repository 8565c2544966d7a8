using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using PruneNotebooks.Benchmarks;

if (args.FirstOrDefault() == "ratios")
{
    RatioReport.Run(words: args[1..]);
}
else
{
    // In this process: a project that BenchmarkDotNet generates would need a libtorch of its own.
    var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)).WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(60));
    BenchmarkSwitcher.FromAssembly(typeof(RatioReport).Assembly).Run(args, config);
}
