import { Anchor } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useSignOut } from '@/api/session';
import { useTexts } from '@/lib/i18n/text';
import { AuthenticatorSetupSteps } from '@/credentials/authenticator-setup';
import { EntryCard } from './entry-card';
import styles from './entry.module.css';

/** Where a second factor is added that the organisation demands; nothing else can be done before. */
export function FactorPage() {
  const t = useTexts();
  const queries = useQueryClient();
  const signOut = useSignOut();
  return (
    <EntryCard title={t('identity.factor')} subtitle={t('identity.factor.demanded')}>
      <div className={styles.form}>
        <AuthenticatorSetupSteps onDone={() => void queries.invalidateQueries({ queryKey: ['session'], exact: true })} />
        <Anchor component="button" type="button" size="sm" ta="start" onClick={() => signOut.mutate()}>
          {t('shell.signOut')}
        </Anchor>
      </div>
    </EntryCard>
  );
}
