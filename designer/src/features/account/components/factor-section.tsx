import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { factorsQuery } from '@/api/credentials';
import { useTexts } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import { AuthenticatorSetupSteps } from '@/credentials/authenticator-setup';
import { PasswordDialog } from '@/credentials/password-dialog';
import { RecoveryCodes } from '@/credentials/recovery-codes';
import styles from './account.module.css';
import { Section } from './section';

type Dialog = 'set-up' | 'remove' | 'renew' | null;

/** Codes of an authenticator as the second step of a sign-in. */
export function FactorSection() {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const factors = useQuery(factorsQuery(api));
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = () => {
    setDialog(null);
    remove.reset();
    renew.reset();
    void queries.invalidateQueries({ queryKey: factorsQuery(api).queryKey });
  };
  const remove = useMutation({ mutationFn: (password: string) => api.call('POST', '/api/auth/second-factor/authenticator/remove', { body: { password } }), onSuccess: () => close() });
  const renew = useMutation({ mutationFn: async (password: string) => (await api.call<{ codes: string[] }>('POST', '/api/auth/second-factor/recovery-codes', { body: { password } })).data.codes });
  const closeButton = { 'aria-label': t('common.close') };
  const on = factors.data?.hasAuthenticator;
  return (
    <Section title={t('identity.factor')} text={t('identity.factor.text')}>
      <div className={styles.line}>
        {factors.data ? <Badge color={on ? 'green' : 'gray'} label={t(on ? 'identity.on' : 'identity.off')} /> : null}
        {on ? <span>{t('identity.recovery.left', { count: factors.data?.recoveryCodes ?? 0 })}</span> : null}
        {on ? (
          <>
            <Button variant="default" onClick={() => setDialog('renew')}>
              {t('identity.recovery.renew')}
            </Button>
            <Button variant="default" onClick={() => setDialog('remove')}>
              {t('identity.factor.remove')}
            </Button>
          </>
        ) : (
          <Button variant="default" disabled={!factors.data} onClick={() => setDialog('set-up')}>
            {t('identity.factor.setUp')}
          </Button>
        )}
      </div>
      {dialog === 'set-up' ? (
        <Modal opened onClose={close} title={t('identity.factor')} closeOnClickOutside={false} closeButtonProps={closeButton}>
          <AuthenticatorSetupSteps onDone={close} />
        </Modal>
      ) : null}
      {dialog === 'remove' ? (
        <PasswordDialog title={t('identity.factor.remove')} text={t('identity.factor.remove.text')} submit={t('identity.factor.remove')} error={remove.error} busy={remove.isPending} onSubmit={(password) => remove.mutate(password)} onClose={close} />
      ) : null}
      {dialog === 'renew' && !renew.data ? (
        <PasswordDialog title={t('identity.recovery.renew')} text={t('identity.recovery.renew.text')} submit={t('identity.recovery.renew')} error={renew.error} busy={renew.isPending} onSubmit={(password) => renew.mutate(password)} onClose={close} />
      ) : null}
      {dialog === 'renew' && renew.data ? (
        <Modal opened onClose={close} title={t('identity.recovery')} closeOnClickOutside={false} closeButtonProps={closeButton}>
          <RecoveryCodes codes={renew.data} onDone={close} />
        </Modal>
      ) : null}
    </Section>
  );
}
