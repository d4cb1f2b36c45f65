using System.Text;
using System.Text.Json;
using System.Xml;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.OData;

namespace Xrm.Server.Features.Data;

/// <summary>Describes the model in OData's own language, for the clients that generate themselves from it.</summary>
internal sealed class CsdlDocument
{
    private const string Namespace = "Xrm";

    // Free JSON would be Edm.Untyped, which the official library cannot write, nor read in a list. No entity has a capital in its name.
    private readonly EdmComplexType _json = new(Namespace, "Json", null, isAbstract: false, isOpen: true);
    private readonly EdmComplexType _file = new(Namespace, "File");
    private readonly EdmModel _edm = new();
    private readonly EdmEntityContainer _container = new(Namespace, "Data");
    private readonly Dictionary<Entity, (EdmEntityType Type, EdmEntitySet Set)> _types = [];
    private readonly CsdlAnnotations _annotations;
    private readonly Caller _caller;

    private CsdlDocument(Model model, Caller caller)
    {
        _caller = caller;
        _annotations = new CsdlAnnotations(_edm);
        _edm.AddElement(_container);
        _edm.AddElement(_json);
        _annotations.Describe(_container, FunctionNames.Names);
        AddFile();
        foreach (var entity in model.Entities.Where(entity => caller.Can(entity, Operation.Read))) AddType(entity);
        foreach (var entity in _types.Keys) AddNavigation(entity);
    }

    /// <summary>CSDL as XML in UTF-8, of what that caller may read.</summary>
    public static byte[] Write(PublishedModel published, Caller caller)
    {
        using var output = new MemoryStream();
        using (var writer = XmlWriter.Create(output, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
            Check(CsdlWriter.TryWriteCsdl(new CsdlDocument(published.Model, caller)._edm, writer, CsdlTarget.OData, out var errors), errors);
        return output.ToArray();
    }

    /// <summary>CSDL as JSON (https://docs.oasis-open.org/odata/odata-csdl-json/v4.01/) in UTF-8, of what that caller may read.</summary>
    public static byte[] WriteJson(PublishedModel published, Caller caller)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
            Check(CsdlWriter.TryWriteCsdl(new CsdlDocument(published.Model, caller)._edm, writer, out var errors), errors);
        return output.ToArray();
    }

    private static void Check(bool isWritten, IEnumerable<EdmError> errors)
    {
        if (!isWritten) throw new InvalidOperationException($"The model has no CSDL: {string.Join("; ", errors.Select(error => error.ErrorMessage))}");
    }

    private void AddFile()
    {
        var core = EdmCoreModel.Instance;
        _file.AddStructuralProperty("id", core.GetGuid(isNullable: false));
        _file.AddStructuralProperty("name", core.GetString(isNullable: false));
        _file.AddStructuralProperty("size", core.GetInt64(isNullable: false));
        _file.AddStructuralProperty("contentType", core.GetString(isNullable: false));
        _edm.AddElement(_file);
    }

    private void AddType(Entity entity)
    {
        var type = new EdmEntityType(Namespace, entity.Name);
        foreach (var field in Visible(entity))
            foreach (var column in field.Columns) AddProperty(type, field, column);
        type.AddKeys(type.DeclaredStructuralProperties().First(property => property.Name == "id"));
        _edm.AddElement(type);
        var set = _container.AddEntitySet(entity.Plural, type);
        _types.Add(entity, (type, set));
        _annotations.Describe(type, entity, _caller);
        _annotations.Describe(set, entity, _caller);
    }

    private void AddProperty(EdmEntityType type, Field field, Column column)
    {
        var property = type.AddStructuralProperty(column.Name, TypeOf(field, column));
        // The id of a new record can be said by who creates it.
        if ((!field.IsWritable || column.Computed) && field is not { IsSystem: true, Name: "id" }) _annotations.Computed(property);
    }

    private void AddNavigation(Entity entity)
    {
        foreach (var property in NavigationProperty.Of(entity, _caller))
        {
            if (property.Lookup is { } lookup) AddOne(entity, lookup);
            else AddMany(entity, property.Name, property.Target);
        }
    }

    private void AddOne(Entity entity, Field lookup)
    {
        if (!_types.TryGetValue(lookup.Targets[0], out var target)) return;
        var (type, set) = _types[entity];
        var key = type.DeclaredStructuralProperties().First(property => property.Name == lookup.Columns[0].Name);
        var navigation = type.AddUnidirectionalNavigation(new EdmNavigationPropertyInfo
        {
            Name = lookup.Name,
            Target = target.Type,
            TargetMultiplicity = EdmMultiplicity.ZeroOrOne,
            DependentProperties = [key],
            PrincipalProperties = target.Type.DeclaredKey,
        });
        set.AddNavigationTarget(navigation, target.Set);
    }

    private void AddMany(Entity entity, string name, Entity far)
    {
        if (!_types.TryGetValue(far, out var target)) return;
        var (type, set) = _types[entity];
        var navigation = type.AddUnidirectionalNavigation(new EdmNavigationPropertyInfo { Name = name, Target = target.Type, TargetMultiplicity = EdmMultiplicity.Many });
        set.AddNavigationTarget(navigation, target.Set);
    }

    private IEnumerable<Field> Visible(Entity entity) =>
        entity.Fields.Where(field => _caller.SeesField(field) && !field.IsOfRecycleBin);

    private IEdmTypeReference TypeOf(Field field, Column column)
    {
        var core = EdmCoreModel.Instance;
        var isNullable = column.Name is not ("id" or "version");
        var length = column.Part.Length == 0 ? field.Source.MaxLength : null;
        if (field.Type is FileType) return new EdmComplexTypeReference(_file, isNullable);
        if (field.Type is FilesType) return EdmCoreModel.GetCollection(new EdmComplexTypeReference(_file, isNullable: false));
        return column.Type switch
        {
            ColumnType.Text => core.GetString(isUnbounded: false, length, isUnicode: true, isNullable: true),
            ColumnType.Integer => core.GetInt64(isNullable),
            ColumnType.Decimal => core.GetDecimal(column.Precision > 0 ? column.Precision : null, column.Scale, isNullable),
            ColumnType.Float => core.GetDouble(isNullable),
            ColumnType.Boolean => core.GetBoolean(isNullable),
            ColumnType.Date => core.GetDate(isNullable),
            ColumnType.Timestamp => core.GetTemporal(EdmPrimitiveTypeKind.DateTimeOffset, 6, isNullable),
            ColumnType.Time => core.GetTemporal(EdmPrimitiveTypeKind.TimeOfDay, 6, isNullable),
            ColumnType.Uuid => core.GetGuid(isNullable),
            ColumnType.TextList => EdmCoreModel.GetCollection(core.GetString(isNullable: false)),
            ColumnType.IntegerList => EdmCoreModel.GetCollection(core.GetInt64(isNullable: false)),
            ColumnType.UuidList => EdmCoreModel.GetCollection(core.GetGuid(isNullable: false)),
            _ => new EdmComplexTypeReference(_json, isNullable),
        };
    }
}
