using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>Lifecycles: the field is a choice, the states are its options, the roles exist.</summary>
internal static class LifecycleCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Draft.Entities.Where(entity => entity.Source.Lifecycle is not null)
        .SelectMany(entity => Of(entity, entity.Source.Lifecycle!, merged.Draft));

    private static IEnumerable<Problem> Of(DraftEntity entity, Source.Lifecycle lifecycle, Draft draft)
    {
        var origin = entity.Origin.Part(".lifecycle");
        var field = entity.Find(lifecycle.Field);
        if (field is null)
            yield return Unknown.Field(entity, lifecycle.Field, origin.At(".field"));
        else if (field.Source.Type != "choice")
            yield return new Problem(ProblemCodes.LifecycleWrong, origin.At(".field"), $"{field.Name} is of type {field.Source.Type}.", "The states of a record are the options of a field of type choice.");

        for (var i = 0; i < lifecycle.Transitions.Length; i++)
        {
            var transition = lifecycle.Transitions[i];
            var place = origin.Part($".transitions[{i}]");
            if (field?.Source.Type == "choice")
                foreach (var problem in States(field, transition, place)) yield return problem;
            foreach (var problem in Unknown.Roles(draft, transition.Roles, role => place.At($".roles[{role}]"))) yield return problem;
        }
    }

    private static IEnumerable<Problem> States(DraftField field, Source.Transition transition, Origin place)
    {
        var values = field.Options.Select(option => option.Value.Value.ToString()).ToList();
        var states = transition.From.Select((state, i) => (State: state, Location: place.At($".from[{i}]"))).Append((State: transition.To, Location: place.At(".to")));
        foreach (var (state, location) in states.Where(each => !values.Contains(each.State)))
            yield return new Problem(ProblemCodes.OptionUnknown, location, $"{state} is not an option of {field.Name}.", Unknown.Remedy(state, values, $"Options are {string.Join(", ", values)}."));
    }
}
