import { Alert, Button, Drawer, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { myOrganisationsQuery } from '@/api/organisations';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';
import { changeOrganisation, deleteOrganisation, moveOrganisation, type Organisation } from '../api/organisations';
import { DeleteDialog } from './delete-dialog';
import { Members } from './members';
import styles from './organisations.module.css';

interface PanelProps {
  organisation: Organisation;
  onClose(): void;
}

/** One organisation: its names, its people, and its end. */
export function OrganisationPanel({ organisation, onClose }: PanelProps) {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const present = useQuery(myOrganisationsQuery(api)).data?.present;
  const { name, displayName, hostNames, state, isHome } = organisation;
  const [wanted, setWanted] = useState({ displayName, hostNames });
  const [asked, setAsked] = useState<'suspend' | 'delete' | null>(null);
  const work = useMutation({
    mutationFn: (task: () => Promise<unknown>) => task(),
    onSettled: () => queries.invalidateQueries({ queryKey: ['organisations'] }),
  });
  const run = (task: () => Promise<unknown>) => {
    setAsked(null);
    work.mutate(task);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run(() => changeOrganisation(api, name, wanted));
  };
  const isOpen = state === 'active' || state === 'suspended' || state === 'deleting';
  const remove = () => (state === 'failed' ? run(() => deleteOrganisation(api, name).then(onClose)) : setAsked('delete'));
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={displayName} closeButtonProps={{ 'aria-label': t('common.close') }} styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)', overflowWrap: 'anywhere' } }}>
      <div className={styles.panel}>
        {work.error ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {failureText(t, work.error)}
          </Alert>
        ) : null}
        {isOpen ? (
          <form className={styles.part} onSubmit={submit}>
            <TextInput label={t('identity.name')} required maxLength={120} value={wanted.displayName} onChange={(event) => setWanted({ ...wanted, displayName: event.currentTarget.value })} />
            <TagsInput label={t('organisation.hosts')} description={t('organisation.hosts.text')} value={wanted.hostNames} onChange={(hosts) => setWanted({ ...wanted, hostNames: hosts })} />
            <div className={styles.buttons}>
              <Button type="submit" variant="default" loading={work.isPending}>
                {t('organisation.save')}
              </Button>
            </div>
          </form>
        ) : null}
        {isOpen ? <Members organisation={name} /> : null}
        {name === present ? (
          <section className={styles.part} aria-label={t('organisation.export')}>
            <h3>{t('organisation.export')}</h3>
            <p>{t('organisation.export.text')}</p>
            <div className={styles.buttons}>
              <Button component="a" href="/api/organisations/export" download variant="default">
                {t('organisation.export.get')}
              </Button>
            </div>
          </section>
        ) : null}
        <section className={styles.part} aria-label={t('organisation.state')}>
          <h3>{t('organisation.state')}</h3>
          <p>{isHome ? t('organisation.home.text') : t(`organisation.state.${state}.text`, { at: organisation.deleteAfter ? formatDateTime(organisation.deleteAfter, t.language) : '', progress: organisation.progress ?? '' })}</p>
          <div className={styles.buttons}>
            {state === 'active' && !isHome ? (
              <Button variant="default" color="red" disabled={work.isPending} onClick={() => setAsked('suspend')}>
                {t('organisation.suspend')}
              </Button>
            ) : null}
            {state === 'suspended' ? (
              <Button variant="default" disabled={work.isPending} onClick={() => run(() => moveOrganisation(api, name, 'resume'))}>
                {t('organisation.resume')}
              </Button>
            ) : null}
            {state === 'deleting' ? (
              <Button variant="default" disabled={work.isPending} onClick={() => run(() => moveOrganisation(api, name, 'keep'))}>
                {t('organisation.keep')}
              </Button>
            ) : null}
            {state === 'suspended' || state === 'failed' ? (
              <Button variant="default" color="red" disabled={work.isPending} onClick={remove}>
                {t(state === 'failed' ? 'organisation.dismiss' : 'organisation.delete')}
              </Button>
            ) : null}
          </div>
        </section>
      </div>
      <Question
        opened={asked === 'suspend'}
        title={t('organisation.ask.suspend', { name: displayName })}
        text={t('organisation.ask.suspend.text')}
        onClose={() => setAsked(null)}
        answers={[
          { label: t('common.cancel'), safe: true, onClick: () => setAsked(null) },
          { label: t('organisation.suspend'), color: 'red', variant: 'filled', onClick: () => run(() => moveOrganisation(api, name, 'suspend')) },
        ]}
      />
      {asked === 'delete' ? <DeleteDialog organisation={organisation} onClose={() => setAsked(null)} onConfirmed={() => run(() => deleteOrganisation(api, name))} /> : null}
    </Drawer>
  );
}
