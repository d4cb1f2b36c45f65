import { Alert, Button, CopyButton, Group } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';
import styles from './credentials.module.css';

/** Recovery codes, which are shown once. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone(): void }) {
  const t = useTexts();
  return (
    <div className={styles.form}>
      <Alert color="yellow" variant="light" p="xs" role="status">
        {t('identity.recovery.once')}
      </Alert>
      <ul className={styles.codes} aria-label={t('identity.recovery')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group justify="space-between">
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="default" size="sm" onClick={copy}>
              {t(copied ? 'identity.copied' : 'identity.copy')}
            </Button>
          )}
        </CopyButton>
        <Button size="sm" data-autofocus onClick={onDone}>
          {t('identity.recovery.kept')}
        </Button>
      </Group>
    </div>
  );
}
