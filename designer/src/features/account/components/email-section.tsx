import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { emailQuery } from '@/api/credentials';
import { useTexts } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import { PasswordDialog } from '@/credentials/password-dialog';
import styles from './account.module.css';

/** The address that links are sent to. */
export function EmailSection() {
  const t = useTexts();
  const api = useApi();
  const email = useQuery(emailQuery(api));
  const [open, setOpen] = useState(false);
  const change = useMutation({
    mutationFn: (body: { email: string; password: string }) => api.call('POST', '/api/auth/email', { body }),
    onSuccess: () => {
      setOpen(false);
      notifications.show({ message: t('identity.email.sent'), color: 'green' });
    },
  });
  return (
    <div className={styles.line}>
      <span>{email.data?.email ?? t('identity.email.none')}</span>
      {email.data?.email ? <Badge color={email.data.isConfirmed ? 'green' : 'yellow'} label={t(email.data.isConfirmed ? 'identity.email.confirmed' : 'identity.email.open')} /> : null}
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('identity.email.change')}
      </Button>
      {open ? (
        <PasswordDialog
          title={t('identity.email.change')}
          text={t('identity.email.text')}
          field={{ label: t('identity.email'), type: 'email' }}
          submit={t('identity.email.send')}
          error={change.error}
          busy={change.isPending}
          onSubmit={(password, address) => change.mutate({ email: address, password })}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </div>
  );
}
