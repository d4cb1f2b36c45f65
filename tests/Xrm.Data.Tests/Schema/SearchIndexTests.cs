using Xrm.Data.Schema;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Schema;

public sealed class SearchIndexTests(TestDatabase test) : SchemaTest(test)
{
    private const string Title = """{ "name": "title", "type": "text", "search": true }""";
    private const string Names = "select string_agg(indexname || ' ' || (select string_agg(m[1], ',') from regexp_matches(indexdef, 'COALESCE\\((\\w+)', 'g') m), '; ' order by indexname) from pg_indexes where schemaname = '{s}' and indexdef like '% gin %'";

    [Fact]
    public async Task Entities_that_are_searched_get_two_indexes_and_no_others_pay()
    {
        var plan = await ApplyAsync(Searched("", Title, """{ "name": "mail", "type": "email" }""").Entity("other", """{ "name": "text", "type": "text", "search": true }"""));
        Assert.DoesNotContain(plan.Changes, change => change.Entity == "other" && change.Kind == ChangeKind.AddIndex);
        Assert.Equal("things.fulltext mail,title; things.trigrams mail,title", await ScalarAsync(Names));
    }

    [Fact]
    public async Task Indexes_come_and_go_with_what_is_searched()
    {
        await ApplyAsync(Plain(Title));
        Assert.Equal(["Let search find words in title of thing.", "Let search find parts of words in title of thing."], Sentences(await ApplyAsync(Searched("", Title))));
        Assert.Equal(["Drop the index things.fulltext.", "Drop the index things.trigrams.", "Let search find words in note, title of thing.", "Let search find parts of words in note, title of thing."],
            Sentences(await ApplyAsync(Searched("", Title, """{ "name": "note", "type": "text", "search": true }"""))).Where(sentence => !sentence.StartsWith("Add")));
        Assert.Equal("things.fulltext note,title; things.trigrams note,title", await ScalarAsync(Names));
        Assert.True((await ApplyAsync(Searched("", """{ "name": "note", "type": "text", "search": true }""", Title))).IsEmpty);
        await ApplyAsync(Plain(Title));
        Assert.Equal(DBNull.Value, await ScalarAsync(Names));
    }

    [Fact]
    public async Task Another_language_builds_the_index_of_words_anew_and_leaves_the_other()
    {
        await ApplyAsync(Searched("", Title));
        Assert.Equal(["Drop the index things.fulltext.", "Let search find words in title of thing."], Sentences(await ApplyAsync(Searched("de", Title))));
        Assert.True((await ApplyAsync(Searched("de-AT", Title))).IsEmpty);
        Assert.Contains("search_german", (string)(await ScalarAsync("select indexdef from pg_indexes where schemaname = '{s}' and indexname = 'things.fulltext'"))!);
        // A language that PostgreSQL does not know is none.
        await ApplyAsync(Searched("tlh", Title));
        Assert.True((await ApplyAsync(Searched("", Title))).IsEmpty);
    }

    [Fact]
    public async Task Indexes_follow_renamed_fields_and_tables()
    {
        await ApplyAsync(Searched("", Title));
        var plan = await ApplyAsync(new PackageBuilder().EntityJson("""
            { "name": "thing", "plural": "items", "primary": "heading", "features": ["search"], "fields": [ { "name": "heading", "type": "text", "search": true, "renamedFrom": "title" } ] }
            """));
        Assert.DoesNotContain(plan.Changes, change => change.Kind is ChangeKind.AddIndex or ChangeKind.DropIndex);
        Assert.Equal("items.fulltext heading; items.trigrams heading", await ScalarAsync(Names));
    }

    [Fact]
    public async Task Another_way_to_make_text_of_a_value_builds_anew()
    {
        await ApplyAsync(Searched("", Title, """{ "name": "phone", "type": "text", "maxLength": 50, "search": true }"""));
        var plan = await ApplyAsync(Searched("", Title, """{ "name": "phone", "type": "phone", "search": true }"""));
        Assert.Equal(2, plan.Changes.Count(change => change.Kind == ChangeKind.AddIndex));
    }

    [Fact]
    public async Task Large_tables_get_their_indexes_after_the_publish()
    {
        await ApplyAsync(Plain(Title));
        await ExecuteAsync("insert into {s}.things (id, version, created_at, modified_at, title) select gen_random_uuid(), 1, now(), now(), 'x' from generate_series(1, 2001)");
        var plan = await ApplyAsync(Searched("", Title));
        var builds = plan.Changes.Where(change => change.Kind == ChangeKind.AddIndex).ToList();
        Assert.All(builds, build => Assert.True(build.IsDeferred));
        foreach (var statement in builds.SelectMany(build => build.Sql)) await ExecuteAsync(statement);
        Assert.True((await PlanAsync(Searched("", Title))).IsEmpty);
    }

    private static IEnumerable<string> Sentences(SchemaPlan plan) => plan.Changes.Select(change => change.Sentence);

    private static PackageBuilder Plain(params string[] fields) => Package("", "", fields);

    private static PackageBuilder Searched(string language, params string[] fields) => Package(language, """ "features": ["search"], """, fields);

    private static PackageBuilder Package(string language, string features, string[] fields) => new PackageBuilder()
        .File("manifest.json", $$"""{ "formatVersion": 1, "name": "sample", "version": "1.0.0"{{(language.Length > 0 ? $", \"language\": \"{language}\"" : "")}} }""")
        .EntityJson($$"""{ "name": "thing", "plural": "things", "primary": "title", {{features}} "fields": [ {{string.Join(',', fields)}} ] }""");
}
