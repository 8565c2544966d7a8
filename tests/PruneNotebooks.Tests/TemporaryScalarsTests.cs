using Mono.Cecil;
using Mono.Cecil.Cil;
using PruneNotebooks.Pruners;

namespace PruneNotebooks.Tests;

/// <summary>A number that becomes a scalar of TorchSharp on the way into a native call is kept alive by nobody: the finaliser may free it while it is in use.</summary>
public sealed class TemporaryScalarsTests
{
    [Fact]
    public void The_library_hands_cached_scalars_to_libtorch()
    {
        using var library = ModuleDefinition.ReadModule(typeof(MethodCatalogue).Assembly.Location);
        var found = from type in library.GetTypes()
                    from method in type.Methods
                    where method.HasBody
                    from instruction in method.Body.Instructions
                    where instruction.OpCode.FlowControl == FlowControl.Call && instruction.Operand is MethodReference { Name: "op_Implicit", ReturnType.FullName: "TorchSharp.Scalar" }
                    select $"{type.FullName}.{method.Name}";
        Assert.Empty(found.Distinct());
    }
}
