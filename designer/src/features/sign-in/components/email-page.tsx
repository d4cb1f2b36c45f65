import { Alert, Anchor, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { EntryCard } from './entry-card';
import styles from './entry.module.css';

/** Where a link leads that shows that an address is the user's. A button: programs that look through mails follow links by themselves. */
export function EmailPage({ secret }: { secret: string }) {
  const t = useTexts();
  const api = useApi();
  const confirm = useMutation({ mutationFn: () => api.call('POST', '/api/auth/email/confirm', { body: { secret } }) });
  return (
    <EntryCard title={t('identity.email.confirm')} subtitle={t('identity.email.confirm.text')}>
      <div className={styles.form}>
        {confirm.error ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {failureText(t, confirm.error)}
          </Alert>
        ) : null}
        {confirm.isSuccess ? (
          <Alert color="green" variant="light" p="xs" role="status">
            {t('identity.email.done')}
          </Alert>
        ) : (
          <Button size="sm" fullWidth loading={confirm.isPending} onClick={() => confirm.mutate()}>
            {t('identity.email.confirm')}
          </Button>
        )}
        <Anchor href="/" size="sm">
          {t('identity.home')}
        </Anchor>
      </div>
    </EntryCard>
  );
}
