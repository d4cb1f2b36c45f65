import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import { createRecord, updateRecord, type RecordValues } from '@/api/records';
import { useTexts } from '@/lib/i18n/text';
import { organisationKinds, unitColumn, type Person, type Team } from '../api/units';

interface Change {
  work(): Promise<unknown>;
  /** What is said when it worked. */
  done: string;
}

/** Changes the organisation through ordinary saves of its records: rules, rights and the audit hold as everywhere. */
export function useOrganisationChange() {
  const api = useApi();
  const t = useTexts();
  const queries = useQueryClient();
  const kinds = organisationKinds(useModel());
  const mutation = useMutation({
    mutationFn: ({ work }: Change) => work(),
    onSuccess: (_answer, { done }) => notifications.show({ message: done, color: 'green' }),
    // After a failure as well: somebody else may have changed it.
    onSettled: () => queries.invalidateQueries({ queryKey: ['records'] }),
  });
  const setMembers = (team: Team, members: readonly { id: string }[], done: string) =>
    mutation.mutate({ work: () => updateRecord(api, kinds.team?.plural ?? '', team.id, { members: members.map(({ id }) => ({ id })) }, team.etag), done });
  return {
    isBusy: mutation.isPending,
    failure: mutation.error ? failureText(t, mutation.error) : null,
    forgetFailure: mutation.reset,
    move: (person: { id: string; name: string }, unit: string | null, unitName: string, onDone?: () => void) =>
      mutation.mutate(
        { work: () => updateRecord(api, kinds.user?.plural ?? '', person.id, { [unitColumn(kinds.user) ?? '']: unit }), done: t('units.moved', { name: person.name, unit: unitName }) },
        onDone ? { onSuccess: onDone } : {},
      ),
    addMember: (team: Team, person: { id: string; name: string }) => setMembers(team, [...team.members, person], t('units.member.added', { name: person.name, team: team.name })),
    removeMember: (team: Team, person: Person) => setMembers(team, team.members.filter((each) => each.id !== person.id), t('units.member.removed', { name: person.name, team: team.name })),
  };
}

/** Makes a unit or a team; gives its id. */
export function useCreateOrganisation(onDone: (id: string) => void) {
  const api = useApi();
  const t = useTexts();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ plural, values }: { plural: string; name: string; values: RecordValues }) => createRecord(api, plural, values),
    onSuccess: async (record, { name }) => {
      notifications.show({ message: t('units.created', { name }), color: 'green' });
      await queries.invalidateQueries({ queryKey: ['records'] });
      onDone(record.id);
    },
  });
}
