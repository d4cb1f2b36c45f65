import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { myOrganisationsQuery, useSwitchOrganisation } from '@/api/organisations';
import { useSignOut } from '@/api/session';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';
import styles from './suspended-page.module.css';

/** Stands in place of an organisation that is suspended, and leads to the others. */
export function SuspendedPage() {
  const t = useTexts();
  const mine = useQuery(myOrganisationsQuery(useApi()));
  const go = useSwitchOrganisation();
  const signOut = useSignOut();
  const others = mine.data?.organisations.filter(({ name, state }) => name !== mine.data.present && state === 'active') ?? [];
  const present = mine.data?.organisations.find(({ name }) => name === mine.data.present);
  return (
    <main className={styles.page}>
      <Message icon="offline" title={t('organisation.suspended', { name: present?.displayName ?? '' })} text={go.error ? failureText(t, go.error) : t('organisation.suspended.text')} />
      <div className={styles.ways}>
        {others.map(({ name, displayName }) => (
          <Button key={name} loading={go.isPending && go.variables === name} onClick={() => go.mutate(name)}>
            {t('organisation.switchTo', { name: displayName })}
          </Button>
        ))}
        <Button variant="default" onClick={() => signOut.mutate()}>
          {t('shell.signOut')}
        </Button>
      </div>
    </main>
  );
}
