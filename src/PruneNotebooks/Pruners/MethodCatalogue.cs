using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>All methods by name. A new method is its file and a row here.</summary>
public static class MethodCatalogue
{
    /// <summary>The rows: controls first, then in the order of the papers.</summary>
    public static IReadOnlyList<PruningMethod> All { get; } =
    [
        new()
        {
            Slug = "random", Name = "Random tokens", Family = MethodFamily.Control,
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(SeededOrder)], Create = () => new RandomTokens(),
        },
        new()
        {
            Slug = "uniform", Name = "Uniform grid", Family = MethodFamily.Control,
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(GridSpread)], Create = () => new UniformGrid(),
        },
        new()
        {
            Slug = "smaller-picture", Name = "Smaller picture", Family = MethodFamily.Control,
            Stage = Stage.Picture, Positions = Positions.Renumber, Primitives = [], Create = () => new SmallerPicture(),
            Counting = "The grid of a smaller picture is a rectangle: it has as many tokens as the budget allows, or a few less.",
            Stages = (keep, model) => PruningPlan.At(Stage.Picture, new SmallerPicture(), keep),
        },
        new()
        {
            Slug = "tome", Name = "ToMe", Family = MethodFamily.Merging,
            Paper = "Token Merging: Your ViT but Faster", ArXiv = "2210.09461", Venue = "ICLR 2023",
            Stage = Stage.VisionInside(0), Stages = (keep, model) => new ToMe().Plan(keep, model),
            Positions = Positions.Renumber, Primitives = [typeof(BipartiteMatching), typeof(TokenGroups), typeof(MergeSchedule)], Create = () => new ToMe(),
        },
        new()
        {
            Slug = "fastv", Name = "FastV", Family = MethodFamily.Attention,
            Paper = "An Image is Worth 1/2 Tokens After Layer 2: Plug-and-Play Inference Acceleration for Large Vision-Language Models", ArXiv = "2403.06764", Venue = "ECCV 2024",
            Stage = Stage.Decoder(2), Positions = Positions.Keep, Primitives = [typeof(Ranking)], Create = () => new FastV(),
        },
        new()
        {
            Slug = "sparsevlm", Name = "SparseVLM", Family = MethodFamily.Relevance,
            Paper = "SparseVLM: Visual Token Sparsification for Efficient Vision-Language Model Inference", ArXiv = "2410.04417", Venue = "ICML 2025",
            Stage = Stage.Decoder(3), Positions = Positions.Renumber, Primitives = [typeof(TextRaters), typeof(DensityPeaks), typeof(Ranking)], Create = () => new SparseVlm(),
            Stages = (keep, model) => SparseVlm.Stages.Plan(new SparseVlm(), keep, model),
        },
        new()
        {
            Slug = "pyramiddrop", Name = "PyramidDrop", Family = MethodFamily.Attention,
            Paper = "PyramidDrop: Accelerating Your Large Vision-Language Models via Pyramid Visual Redundancy Reduction", ArXiv = "2410.17247", Venue = "CVPR 2025",
            Stage = Stage.Decoder(8), Positions = Positions.Renumber, Primitives = [typeof(Ranking)], Create = () => new PyramidDrop(),
            Stages = (keep, model) => PyramidDrop.Stages.Plan(new PyramidDrop(), keep, model),
        },
        new()
        {
            Slug = "prumerge", Name = "PruMerge", Family = MethodFamily.Merging,
            Paper = "LLaVA-PruMerge: Adaptive Token Reduction for Efficient Large Multimodal Models", ArXiv = "2403.15388", Venue = "ICCV 2025",
            Stage = Stage.Tower, Positions = Positions.Renumber, Primitives = [typeof(OneQueryAttention), typeof(AttentionOutliers), typeof(NeighbourSums)], Create = () => new PruMerge(),
        },
        new()
        {
            Slug = "prumerge+", Name = "PruMerge+", Family = MethodFamily.Merging,
            Paper = "LLaVA-PruMerge: Adaptive Token Reduction for Efficient Large Multimodal Models", ArXiv = "2403.15388", Venue = "ICCV 2025",
            Stage = Stage.Tower, Positions = Positions.Renumber, Primitives = [typeof(OneQueryAttention), typeof(AttentionOutliers), typeof(NeighbourSums)], Create = () => new PruMergePlus(),
        },
        new()
        {
            Slug = "fastervlm", Name = "FasterVLM", Family = MethodFamily.Attention,
            Paper = "[CLS] Attention is All You Need for Training-Free Visual Token Pruning: Make VLM Inference Faster", ArXiv = "2412.01818",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(Ranking), typeof(AnyResolution)], Create = () => new FasterVlm(),
        },
        new()
        {
            Slug = "vispruner", Name = "VisPruner", Family = MethodFamily.Balance,
            Paper = "Beyond Text-Visual Attention: Exploiting Visual Cues for Effective Token Pruning in VLMs", ArXiv = "2412.01818", Venue = "ICCV 2025",
            Stage = Stage.Tower, Positions = Positions.Renumber, Primitives = [typeof(Ranking), typeof(PairSuppression), typeof(AnyResolution)], Create = () => new VisPruner(),
        },
        new()
        {
            Slug = "visionzip", Name = "VisionZip", Family = MethodFamily.Merging,
            Paper = "VisionZip: Longer is Better but Not Necessary in Vision Language Models", ArXiv = "2412.04467", Venue = "CVPR 2025",
            Stage = Stage.Tower, Positions = Positions.Renumber, Primitives = [typeof(Ranking), typeof(TokenGroups), typeof(AnyResolution)], Create = () => new VisionZip(),
        },
        new()
        {
            Slug = "divprune", Name = "DivPrune", Family = MethodFamily.Diversity,
            Paper = "DivPrune: Diversity-based Visual Token Pruning for Large Multimodal Models", ArXiv = "2503.02175", Venue = "CVPR 2025",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(MaxMinDiversity)], Create = () => new DivPrune(),
        },
        new()
        {
            Slug = "transprune", Name = "TransPrune", Family = MethodFamily.Flow,
            Paper = "TransPrune: Token Transition Pruning for Efficient Large Vision-Language Model", ArXiv = "2507.20630", Venue = "CVPR 2026",
            Stage = Stage.Decoder(7), Positions = Positions.Renumber, Primitives = [typeof(TokenTransition), typeof(Ranking)], Create = () => new TransPrune(),
            Stages = new TransPrune().Plan,
        },
        new()
        {
            Slug = "vscan", Name = "VScan", Family = MethodFamily.Merging,
            Paper = "VScan: Rethinking Visual Token Reduction for Efficient Large Vision-Language Models", ArXiv = "2505.22654", Venue = "TMLR 2026",
            Stage = Stage.Projector, Stages = (keep, model) => new VScan().Plan(keep, model),
            Positions = Positions.Renumber, Primitives = [typeof(Ranking), typeof(Windows), typeof(TokenGroups)], Create = () => new VScan(),
        },
        new()
        {
            Slug = "hiprune", Name = "HiPrune", Family = MethodFamily.Attention,
            Paper = "HiPrune: Hierarchical Attention for Efficient Token Pruning in VLMs", ArXiv = "2508.00553", Venue = "Findings of ACL 2026",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(Ranking), typeof(GridNeighbours)], Create = () => new HiPrune(),
        },
        new()
        {
            Slug = "adaptinfer", Name = "AdaptInfer", Family = MethodFamily.Relevance,
            Paper = "AdaptInfer: Adaptive Token Pruning for Vision-Language Model Inference with Dynamical Text Guidance", ArXiv = "2508.06084",
            Stage = Stage.Decoder(2), Positions = Positions.Renumber, Primitives = [typeof(TextGuidance), typeof(Ranking)], Create = () => new AdaptInfer(),
            Stages = (keep, model) => AdaptInfer.Stages.Plan(new AdaptInfer(), keep, model),
        },
        new()
        {
            Slug = "scope", Name = "SCOPE", Family = MethodFamily.Balance,
            Paper = "SCOPE: Saliency-Coverage Oriented Token Pruning for Efficient Multimodel LLMs", ArXiv = "2510.24214", Venue = "NeurIPS 2025",
            Stage = Stage.Tower, Positions = Positions.Renumber, Primitives = [typeof(CoverageGreedy), typeof(AnyResolution)], Create = () => new Scope(),
        },
        new()
        {
            Slug = "idpruner", Name = "IDPruner", Family = MethodFamily.Balance,
            Paper = "IDPruner: Harmonizing Importance and Diversity in Visual Token Pruning for MLLMs", ArXiv = "2602.13315",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(MarginalRelevance)], Create = () => new IdPruner(),
        },
        new()
        {
            Slug = "todre", Name = "ToDRE", Family = MethodFamily.Diversity,
            Paper = "ToDRE: Effective Visual Token Pruning via Token Diversity and Task Relevance", ArXiv = "2505.18757",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(MaxSumDiversity), typeof(MaxMinDiversity), typeof(CrossModalShare)], Create = () => new ToDre(),
            Stages = (keep, model) => new ToDre().Plan(keep, model),
        },
        new()
        {
            Slug = "todre-withdrawal", Name = "ToDRE, stage 2", Family = MethodFamily.Relevance,
            Paper = "ToDRE: Effective Visual Token Pruning via Token Diversity and Task Relevance", ArXiv = "2505.18757",
            Counting = "All visual tokens leave when the question hardly attends to them, otherwise none, whatever the budget.",
            Stage = Stage.Decoder(28), Positions = Positions.Keep, Primitives = [typeof(CrossModalShare)], Create = () => new ToDreWithdrawal(),
            Stages = (_, model) => PruningPlan.At(Stage.Decoder(model.DecoderLayer(28)), new ToDreWithdrawal(), TokenBudget.All),
        },
        new()
        {
            Slug = "zoo-prune", Name = "ZOO-Prune", Family = MethodFamily.Sensitivity,
            Paper = "Training-Free Token Pruning via Zeroth-Order Gradient Estimation in Vision-Language Models", ArXiv = "2509.24837", Venue = "CVPR 2026",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(ProjectorSensitivity), typeof(WeightedMaxMin)], Create = () => new ZooPrune(),
        },
        new()
        {
            Slug = "cdpruner", Name = "CDPruner", Family = MethodFamily.Balance,
            Paper = "Beyond Attention or Similarity: Maximizing Conditional Diversity for Token Pruning in MLLMs", ArXiv = "2506.10967", Venue = "NeurIPS 2025",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(TextSimilarity), typeof(DeterminantalGreedy), typeof(AnyResolution)], Create = () => new CdPruner(),
        },
        new()
        {
            Slug = "dart", Name = "DART", Family = MethodFamily.Diversity,
            Paper = "Stop Looking for \"Important Tokens\" in Multimodal Language Models: Duplication Matters More", ArXiv = "2502.11494", Venue = "EMNLP 2025",
            Stage = Stage.Decoder(2), Positions = Positions.Keep, Primitives = [typeof(LeastSimilar), typeof(PythonSetOrder)], Create = () => new Dart(),
        },
        new()
        {
            Slug = "agilepruner", Name = "AgilePruner", Family = MethodFamily.Attention,
            Paper = "AgilePruner: An Empirical Study of Attention and Diversity for Adaptive Visual Token Pruning in Large Vision-Language Models", ArXiv = "2603.01236", Venue = "ICLR 2026",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(RankedSuppression), typeof(EffectiveRank)], Create = () => new AgilePruner(),
        },
        new()
        {
            Slug = "entropyprune", Name = "EntropyPrune", Family = MethodFamily.Information,
            Paper = "EntropyPrune: Matrix Entropy Guided Visual Token Pruning for Multimodal Large Language Models", ArXiv = "2602.17196", Venue = "Findings of EMNLP 2026",
            Stage = Stage.Decoder(2), Positions = Positions.Keep, Primitives = [typeof(MatrixEntropy), typeof(GramSpectrum), typeof(Ranking)], Create = () => new EntropyPrune(),
        },
        new()
        {
            Slug = "hidrop", Name = "HiDrop", Family = MethodFamily.Attention,
            Paper = "HiDrop: Hierarchical Vision Token Reduction in MLLMs via Late Injection, Concave Pyramid Pruning, and Early Exit", ArXiv = "2602.23699", Venue = "ICLR 2026",
            Stage = Stage.Decoder(11), Positions = Positions.Keep, Primitives = [typeof(RegionFocus), typeof(Ranking)], Create = () => new HiDrop(),
            Stages = new HiDrop().Plan,
        },
        new()
        {
            Slug = "holov", Name = "HoloV", Family = MethodFamily.Balance,
            Paper = "Don't Just Chase \"Highlighted Tokens\" in MLLMs: Revisiting Visual Holistic Context Retention", ArXiv = "2510.02912", Venue = "NeurIPS 2025",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(CropQuotas), typeof(Ranking)], Create = () => new HoloV(),
        },
        new()
        {
            Slug = "flowcut", Name = "FlowCut", Family = MethodFamily.Flow,
            Paper = "FlowCut: Rethinking Redundancy via Information Flow for Efficient Vision-Language Models", ArXiv = "2505.19536", Venue = "NeurIPS 2025",
            Stage = Stage.Vision(ModelDimensions.Llava15.FeatureLayer), Stages = (keep, model) => FlowCut.Plan(keep, model),
            Positions = Positions.Renumber, Primitives = [typeof(InformationFlow), typeof(AttentionEntropy), typeof(OneQueryAttention), typeof(Ranking)], Create = () => new FlowCut(),
        },
        new()
        {
            Slug = "segpruner", Name = "SeGPruner", Family = MethodFamily.Layout,
            Paper = "SeGPruner: Semantic-Geometric Visual Token Pruner for 3D QA", ArXiv = "2603.29437",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(FarthestPoints), typeof(BackProjection), typeof(Ranking)], Create = () => new SegPruner(),
        },
        new()
        {
            Slug = "focusui", Name = "FocusUI", Family = MethodFamily.Layout,
            Paper = "FocusUI: Efficient UI Grounding via Position-Preserving Visual Token Selection", ArXiv = "2601.03928", Venue = "CVPR 2026",
            Stage = Stage.Projector, Positions = Positions.Keep, Primitives = [typeof(PositionPadding), typeof(TextSimilarity), typeof(PatchScorer), typeof(GroundingLabels)], Create = () => new FocusUi(),
            Counting = "A marker stays for each run of dropped tokens on top of the budget K, so that at most K + min(N - K, K + 1) of N tokens go on.",
        },
        new()
        {
            Slug = "lrs-vqa", Name = "LRS-VQA", Family = MethodFamily.Layout,
            Paper = "When Large Vision-Language Model Meets Large Remote Sensing Imagery: Coarse-to-Fine Text-Guided Token Pruning", ArXiv = "2503.07588", Venue = "ICCV 2025",
            Stage = Stage.Decoder(14), Positions = Positions.Renumber, Primitives = [typeof(RegionFocus), typeof(ImagePyramid)], Create = () => new LrsVqa(),
            Stages = (keep, model) => LrsVqa.Published.Plan(new LrsVqa(), keep, model),
        },
        new()
        {
            Slug = "vflowopt", Name = "VFlowOpt", Family = MethodFamily.Flow,
            Paper = "VFlowOpt: Token Pruning with Visual Information Flow-Guided Optimization", ArXiv = "2508.05211", Venue = "ICCV 2025",
            Stage = Stage.Projector, Stages = VFlowOpt.Plan,
            Positions = Positions.Renumber, Primitives = [typeof(FlowImportance), typeof(CellRecycling), typeof(StagedRetention), typeof(PatchEntropy)], Create = () => new VFlowOpt(),
        },
        new()
        {
            Slug = "mustdrop", Name = "MustDrop", Family = MethodFamily.Relevance,
            Paper = "Multi-Stage Vision Token Dropping: Towards Efficient Multimodal Large Language Model", ArXiv = "2411.10803",
            Stage = Stage.Decoder(3), Stages = MustDrop.Plan,
            Positions = Positions.Renumber, Primitives = [typeof(WindowMerging), typeof(TextFilter), typeof(Ranking)], Create = () => new MustDrop(),
        },
        new()
        {
            Slug = "lvlm-csp", Name = "LVLM_CSP", Family = MethodFamily.Attention,
            Paper = "LVLM_CSP: Accelerating Large Vision Language Models via Clustering, Scattering, and Pruning for Reasoning Segmentation", ArXiv = "2504.10854",
            Stage = Stage.Decoder(0), Stages = (keep, model) => LvlmCsp.Plan(keep, model),
            Positions = Positions.Keep, Primitives = [typeof(OneQueryAttention), typeof(ObjectShares), typeof(Ranking)], Create = () => new LvlmCsp(),
        },
        new()
        {
            Slug = "mmtok", Name = "MMTok", Family = MethodFamily.Relevance,
            Paper = "MMTok: Multimodal Coverage Maximization for Efficient Inference of VLMs", ArXiv = "2508.18264", Venue = "ICLR 2026",
            Stage = Stage.Projector, Positions = Positions.Renumber, Primitives = [typeof(MultimodalCoverage), typeof(CoverageGreedy), typeof(ContentWords), typeof(PaddingMask)], Create = () => new MmTok(),
        },
        new()
        {
            Slug = "catp", Name = "CATP", Family = MethodFamily.Layout,
            Paper = "CATP: Contextually Adaptive Token Pruning for multimodal in-context learning", ArXiv = "2508.07871", Venue = "AAAI 2026",
            Stage = Stage.Projector, Stages = (keep, model) => new Catp().Plan(keep, model),
            Positions = Positions.Keep, Primitives = [typeof(CoverageGreedy), typeof(TextSimilarity), typeof(Ranking)], Create = () => new Catp(),
        },
    ];

    /// <summary>The row of a method.</summary>
    /// <param name="slug">Its short name; capitals do not matter.</param>
    /// <exception cref="ArgumentException">There is no such method; the message names the nearest.</exception>
    public static PruningMethod Find(string slug)
    {
        ArgumentNullException.ThrowIfNull(slug);
        return All.FirstOrDefault(method => method.Slug.Equals(slug, StringComparison.OrdinalIgnoreCase)) ?? throw new ArgumentException(
            $"There is no method '{slug}'. Nearest: {string.Join(", ", All.OrderBy(method => EditDistance(slug, method.Slug)).Take(3).Select(method => method.Slug))}.", nameof(slug));
    }

    /// <summary>Makes a method with the paper's defaults.</summary>
    /// <inheritdoc cref="Find"/>
    public static ITokenPruner Create(string slug) => Find(slug).Create();

    static int EditDistance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, 1 + Math.Min(row[j - 1], row[j]));
            }
        }
        return row[^1];
    }
}
