using System.Security.Cryptography;
using CsCheck;
using PruneNotebooks.Scenes;

namespace PruneNotebooks.Tests.Scenes;

using Scenes = PruneNotebooks.Scenes.Scenes;

public sealed class SceneTests
{
    static readonly Gen<Scene> AnyScene = Gen.Select(Gen.ULong, Gen.Enum<TextPresence>(), (seed, text) => Scenes.Draw(seed, new() { Text = text }));

    [Fact]
    public void Patch_labels_of_8_pixels_are_those_that_the_vision_tower_was_trained_on()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (firstSeed, text) in new[] { (5_000_000_000UL, TextPresence.Usually), (1_000_000UL, TextPresence.Crowded) })
        foreach (var scene in Scenes.DrawMany(firstSeed, 200, new() { Text = text }))
        foreach (var label in scene.PatchLabels(8))
        {
            hash.AppendData([
                (byte)(label.MainObject is { } o ? 1 + (int)o.Colour : 0),
                (byte)(label.MainObject is { } p ? 1 + (int)p.Shape : 0),
                (byte)(label.ObjectCentre is null ? 0 : 1),
                (byte)(label.CharacterCentre is { } c ? 1 + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".IndexOf(c.Symbol, StringComparison.Ordinal) : 0),
                (byte)(label.CharacterCentre is { } d ? 1 + d.Index : 0)]);
        }
        Assert.Equal("1b3538d8b38b941168f941eb657eda67a1865f09d12becd17b36bf7acfc62422", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Every_pixel_of_an_object_lies_in_its_square_and_every_object_is_seen() => AnyScene.Sample(scene =>
    {
        var seen = new int[scene.Objects.Count + scene.Characters.Count];
        for (int pixel = 0; pixel < scene.Owners.Length; pixel++)
        {
            int owner = scene.Owners[pixel], x = pixel % Scene.Size, y = pixel / Scene.Size;
            if (owner < 0) continue;
            seen[owner]++;
            if (owner < scene.Objects.Count)
            {
                var o = scene.Objects[owner];
                Assert.InRange(x, o.X, o.X + o.Size - 1);
                Assert.InRange(y, o.Y, o.Y + o.Size - 1);
            }
            else
            {
                var c = scene.Characters[owner - scene.Objects.Count];
                Assert.InRange(x, c.X, c.X + 5 * c.Scale - 1);
                Assert.InRange(y, c.Y, c.Y + 7 * c.Scale - 1);
            }
        }
        Assert.DoesNotContain(0, seen);
        Assert.InRange(scene.Objects.Count, 1, 6);
    }, iter: 200);

    [Fact]
    public void No_two_things_share_a_cell() => AnyScene.Sample(scene =>
    {
        List<int> cells = [.. scene.Objects.Select(o => o.Cell)];
        foreach (var text in scene.Texts) cells.AddRange(text.Scale == 1 ? [text.Cell] : [text.Cell, text.Cell + 1]);
        Assert.Equal(cells.Count, cells.Distinct().Count());
    }, iter: 200);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(96)]
    public void Every_centre_is_in_exactly_one_patch_of_any_size(int patchSize)
    {
        foreach (var scene in Scenes.DrawMany(0, 20, new() { Text = TextPresence.Always }))
        {
            var labels = scene.PatchLabels(patchSize);
            Assert.Equal(Scene.Size / patchSize * (Scene.Size / patchSize), labels.Count);
            int side = Scene.Size / patchSize;
            foreach (var o in scene.Objects)
                Assert.NotNull(labels[o.CentreY / patchSize * side + o.CentreX / patchSize].ObjectCentre);
            if (patchSize <= 8)
                Assert.Equal(scene.Characters, labels.Select(label => label.CharacterCentre).OfType<SceneCharacter>().OrderBy(c => c.Index));
        }
    }

    [Fact]
    public void A_patch_of_one_pixel_shows_what_the_pixel_shows()
    {
        var scene = Scenes.Draw(1, new() { Text = TextPresence.Always });
        var labels = scene.PatchLabels(1);
        for (int i = 0; i < labels.Count; i++)
        {
            int owner = scene.Owners[i];
            Assert.Equal(owner >= 0 && owner < scene.Objects.Count ? scene.Objects[owner] : null, labels[i].MainObject);
            Assert.Equal(owner >= scene.Objects.Count ? scene.Characters[owner - scene.Objects.Count] : null, labels[i].MainCharacter);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-8)]
    [InlineData(7)]
    [InlineData(192)]
    public void Patches_that_do_not_fill_the_picture_are_refused(int patchSize)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Scenes.Draw(1).PatchLabels(patchSize));
        Assert.Equal(("patchSize", (object)patchSize), (error.ParamName, error.ActualValue));
    }

    [Fact]
    public void A_scene_says_what_it_shows() =>
        Assert.Matches("""^scene 5000000000: red square, cyan square, "YDAJ", 13 questions$""", Scenes.Draw(5_000_000_000).ToString());
}
