using PruneNotebooks.Models;
using PruneNotebooks.Primitives;
using PruneNotebooks.Scenes;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Scenes;

using Scenes = PruneNotebooks.Scenes.Scenes;

/// <summary>Drawn inputs beside scenes: views in space, interfaces, large pictures, masks.</summary>
public sealed class DrawnInputsTests
{
    [Fact]
    public void Depth_and_pose_bring_every_pixel_of_every_view_back_to_its_object()
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            using var scope = NewDisposeScope();
            var scene = Viewpoints.Draw(seed);
            var points = BackProjection.PatchCentres(scene.Depth(), Viewpoints.Intrinsic(), scene.Poses(), patch: 1);
            for (int view = 0; view < scene.Views.Count; view++)
            {
                float[] z = points[view].select(1, 2).contiguous().data<float>().ToArray();
                for (int pixel = 0; pixel < z.Length; pixel++)
                    Assert.Equal(scene.Views[view].Owners[pixel] is var owner and >= 0 ? scene.Distances[owner] : 5, z[pixel], tolerance: 1e-4);
            }
            var seen = Enumerable.Range(0, 4).SelectMany(view => scene.ObjectsByPatch(view, 8).SelectMany(shown => shown)).Distinct();
            Assert.Equal(scene.Objects.Count, seen.Count());
        }
    }

    [Fact]
    public void A_near_object_moves_further_from_view_to_view_than_a_far_one()
    {
        var scene = Enumerable.Range(0, 100).Select(seed => Viewpoints.Draw((ulong)seed, objects: 2)).First(scene => Math.Abs(scene.Distances[0] - scene.Distances[1]) > 1.5);
        double[] moves = [.. Enumerable.Range(0, 2).Select(thing => Middle(scene.Views[0], thing) - Middle(scene.Views[^1], thing))];
        Assert.Equal(scene.Distances[0] < scene.Distances[1], moves[0] > moves[1]);

        static double Middle(Viewpoint view, int thing) => Enumerable.Range(0, view.Owners.Count).Where(pixel => view.Owners[pixel] == thing).Average(pixel => pixel % 96);
    }

    [Fact]
    public void Buttons_lie_in_the_window_apart_from_each_other_and_are_found_by_their_pixels()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var window = Widgets.Draw(seed, 96 + 8 * (int)seed, 96);
            Assert.NotEmpty(window.Buttons);
            Assert.Equal(window.Buttons.Count, window.Buttons.Select(button => button.Instruction).Distinct().Count());
            Assert.Equal(window.Buttons.Count, window.Buttons.Select(button => button.Name).Append(window.Title).Distinct().Count() - 1);
            for (int y = 0; y < window.Image.Height; y++)
                for (int x = 0; x < window.Image.Width; x++)
                {
                    int owner = window.Owners[y * window.Image.Width + x];
                    Assert.Equal(owner < 0 ? null : window.Buttons[owner], window.At(x, y));
                }
        }
        Assert.Contains("48 pixels or more", Assert.Throws<ArgumentOutOfRangeException>(() => Widgets.Draw(1, 40)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_scene_has_small_objects_in_their_cells()
    {
        var scene = LargeScene.Draw(3);
        Assert.Equal((672, 672, 4), (scene.Image.Width, scene.Image.Height, scene.Objects.Count));
        Assert.All(scene.Objects, thing => Assert.Equal(thing.Cell, thing.CentreY / 224 * 3 + thing.CentreX / 224));
        Assert.Contains(scene.Questions, question => question.Kind == QuestionKind.Where);
        Assert.Equal(4, scene.Objects.Select(thing => thing.ToString()).Distinct().Count());
    }

    [Fact]
    public void Tiles_of_a_level_show_the_picture_and_black_beyond_it()
    {
        var image = LargeScene.Draw(3, size: 480).Image;
        var level = new PyramidLevel(480, 480, new(3, 3), 200);
        var tiles = ImageTiles.Cut(image, level);
        Assert.Equal(9, tiles.Count);
        Assert.Equal(image.Pixels.Span[(200 * 480 + 200) * 3], tiles[4].Pixels.Span[0]);
        Assert.Equal(0, tiles[8].Pixels.Span[^1]);
        Assert.NotEqual(0, tiles[8].Pixels.Span[0]);
    }

    [Fact]
    public void Masks_show_where_objects_are()
    {
        var scene = Scenes.Draw(7);
        using var masks = scene.ObjectMasks(8);
        Assert.Equal([scene.Objects.Count, 144L], masks.shape);
        for (int thing = 0; thing < scene.Objects.Count; thing++)
        {
            var o = scene.Objects[thing];
            for (int patch = 0; patch < 144; patch++)
                if (masks[thing, patch].item<float>() > 0)
                    Assert.True(patch % 12 * 8 < o.X + o.Size && patch % 12 * 8 + 8 > o.X && patch / 12 * 8 < o.Y + o.Size && patch / 12 * 8 + 8 > o.Y);
            Assert.True(masks[thing].sum().item<float>() >= 1);
        }
        using var strict = scene.ObjectMasks(8, atLeast: 0.9);
        Assert.True(strict.sum().item<float>() < masks.sum().item<float>());
        Assert.True(strict.sum(1).min().item<float>() >= 1);
    }

    [Fact]
    public void The_same_number_draws_the_same_pixels()
    {
        Assert.True(Viewpoints.Draw(5).Views[2].Image.Pixels.Span.SequenceEqual(Viewpoints.Draw(5).Views[2].Image.Pixels.Span));
        Assert.True(Widgets.Draw(5).Image.Pixels.Span.SequenceEqual(Widgets.Draw(5).Image.Pixels.Span));
        Assert.True(LargeScene.Draw(5).Image.Pixels.Span.SequenceEqual(LargeScene.Draw(5).Image.Pixels.Span));
        Assert.False(Widgets.Draw(5).Image.Pixels.Span.SequenceEqual(Widgets.Draw(6).Image.Pixels.Span));
    }
}
