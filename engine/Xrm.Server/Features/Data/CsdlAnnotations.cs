using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Vocabularies;
using Microsoft.OData.Edm.Vocabularies.V1;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Server.OData;

namespace Xrm.Server.Features.Data;

/// <summary>
/// What clients can know beyond types, in the words of OASIS (https://github.com/oasis-tcs/odata-vocabularies): other keys of an entity,
/// what nobody or not this caller can write, and which parts of the protocol there are.
/// </summary>
internal sealed class CsdlAnnotations
{
    private const string Core = "Org.OData.Core.V1";
    private const string Capabilities = "Org.OData.Capabilities.V1";
    private const string Aggregation = "Org.OData.Aggregation.V1";
    private const string Source = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/";
    private readonly EdmModel _edm;

    public CsdlAnnotations(EdmModel edm)
    {
        _edm = edm;
        edm.SetEdmReferences([Reference(Core, "Core"), Reference(Capabilities, "Capabilities"), Reference(Aggregation, "Aggregation")]);
    }

    /// <summary>What the whole API can do.</summary>
    /// <param name="container">The container.</param>
    /// <param name="functions">Names of the functions that conditions can call.</param>
    public void Describe(EdmEntityContainer container, IEnumerable<string> functions)
    {
        Annotate(container, Capability("BatchSupported"), new EdmBooleanConstant(true));
        Annotate(container, Capability("KeyAsSegmentSupported"), new EdmBooleanConstant(true));
        Annotate(container, Capability("FilterFunctions"), Names(functions));
        // The library does not know this vocabulary.
        var summaries = new EdmTerm(Aggregation, "ApplySupported", new EdmComplexTypeReference(new EdmComplexType(Aggregation, "ApplySupportedType"), isNullable: false));
        Annotate(container, summaries, new EdmRecordExpression(new EdmPropertyConstructor("Transformations", Names(ApplyParser.Steps))));
    }

    /// <summary>What the caller cannot do with the records of a collection.</summary>
    public void Describe(EdmEntitySet set, Entity entity, Caller caller)
    {
        Restrict(set, "InsertRestrictions", "Insertable", caller.Can(entity, Operation.Create));
        Restrict(set, "UpdateRestrictions", "Updatable", caller.Can(entity, Operation.Update));
        Restrict(set, "DeleteRestrictions", "Deletable", caller.Can(entity, Operation.Delete));
    }

    /// <summary>A value that clients cannot write.</summary>
    public void Computed(IEdmProperty property) => Annotate(property, CoreVocabularyModel.ComputedTerm, new EdmBooleanConstant(true));

    /// <summary>The alternate keys whose values the caller may see.</summary>
    public void Describe(EdmEntityType type, Entity entity, Caller caller)
    {
        var keys = entity.Keys.Where(key => key.Fields.All(caller.CanReadField)).Select(Key).ToArray();
        if (keys.Length > 0) Annotate(type, CoreVocabularyModel.Instance.FindDeclaredTerm($"{Core}.AlternateKeys"), new EdmCollectionExpression(keys));
    }

    private static EdmRecordExpression Key(Key key) => new(new EdmPropertyConstructor("Key", new EdmCollectionExpression(key.Fields.Select(field => new EdmRecordExpression(
        new EdmPropertyConstructor("Name", new EdmPropertyPathExpression(field.Columns[0].Name)),
        new EdmPropertyConstructor("Alias", new EdmStringConstant(field.Columns[0].Name)))))));

    private void Restrict(EdmEntitySet set, string term, string property, bool isGranted)
    {
        if (!isGranted) Annotate(set, Capability(term), new EdmRecordExpression(new EdmPropertyConstructor(property, new EdmBooleanConstant(false))));
    }

    private void Annotate(IEdmVocabularyAnnotatable target, IEdmTerm term, IEdmExpression value)
    {
        var annotation = new EdmVocabularyAnnotation(target, term, value);
        annotation.SetSerializationLocation(_edm, EdmVocabularyAnnotationSerializationLocation.Inline);
        _edm.AddVocabularyAnnotation(annotation);
    }

    private static EdmCollectionExpression Names(IEnumerable<string> names) => new(names.Select(name => new EdmStringConstant(name)));

    private IEdmTerm Capability(string name) => _edm.FindTerm($"{Capabilities}.{name}");

    private static EdmReference Reference(string name, string alias)
    {
        var reference = new EdmReference(new Uri($"{Source}{name}.xml"));
        reference.AddInclude(new EdmInclude(alias, name));
        return reference;
    }
}
