import { Alert, Button, Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';
import { addMember, changeMember, membersQuery, removeMember, type Member } from '../api/organisations';
import styles from './organisations.module.css';

/** Who belongs to an organisation. */
export function Members({ organisation }: { organisation: string }) {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const members = useQuery(membersQuery(api, organisation));
  const [userName, setUserName] = useState('');
  const [leaving, setLeaving] = useState<Member | null>(null);
  const work = useMutation({
    mutationFn: (task: () => Promise<unknown>) => task(),
    onSettled: () => queries.invalidateQueries({ queryKey: ['organisations'] }),
  });
  const error = work.error ?? members.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    work.mutate(() => addMember(api, organisation, userName).then(() => setUserName('')));
  };
  return (
    <section className={styles.part} aria-label={t('organisation.people')}>
      <h3>{t('organisation.people')}</h3>
      {error ? (
        <Alert color="red" variant="light" p="xs" role="alert">
          {failureText(t, error)}
        </Alert>
      ) : null}
      <ul className={styles.members}>
        {members.data?.map((member) => (
          <li key={member.userId} className={styles.member}>
            <span className={styles.person}>
              {member.displayName}
              <small>{member.userName}</small>
            </span>
            <Checkbox
              label={t('identity.administrator')}
              disabled={work.isPending}
              checked={member.isAdministrator}
              aria-label={t('organisation.administratorOf', { name: member.displayName })}
              onChange={() => work.mutate(() => changeMember(api, organisation, member.userId, !member.isAdministrator))}
            />
            <Button variant="subtle" color="red" disabled={work.isPending} aria-label={t('organisation.removeMember', { name: member.displayName })} onClick={() => setLeaving(member)}>
              {t('identity.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <form className={styles.add} onSubmit={submit}>
        <TextInput label={t('organisation.addMember')} placeholder={t('signIn.userName')} required withAsterisk={false} autoCapitalize="none" value={userName} onChange={(event) => setUserName(event.currentTarget.value)} />
        <Button type="submit" variant="default" loading={work.isPending}>
          {t('organisation.add')}
        </Button>
      </form>
      <Question
        opened={leaving !== null}
        title={leaving ? t('organisation.ask.remove', { name: leaving.displayName }) : ''}
        text={t('organisation.ask.remove.text')}
        onClose={() => setLeaving(null)}
        answers={[
          { label: t('common.cancel'), safe: true, onClick: () => setLeaving(null) },
          {
            label: t('identity.remove'),
            color: 'red',
            variant: 'filled',
            onClick: () => {
              if (leaving) work.mutate(() => removeMember(api, organisation, leaving.userId));
              setLeaving(null);
            },
          },
        ]}
      />
    </section>
  );
}
