import { ActionIcon, Alert, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTexts } from '@/lib/i18n/text';
import styles from './credentials.module.css';

/** A secret that is shown once, to be copied. */
export function ShownSecret({ text, note }: { text: string; note?: string | undefined }) {
  const t = useTexts();
  return (
    <div className={styles.form}>
      {note ? (
        <Alert color="yellow" variant="light" p="xs" role="status">
          {note}
        </Alert>
      ) : null}
      <div className={styles.secret}>
        <code>{text}</code>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <ActionIcon aria-label={t(copied ? 'identity.copied' : 'identity.copy')} onClick={copy}>
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
