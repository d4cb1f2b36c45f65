import { Alert, Button, Checkbox, Drawer, MultiSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { myOrganisationsQuery } from '@/api/organisations';
import { useStartPreview } from '@/api/preview';
import { formatDateTime } from '@/lib/format';
import { useTexts, type Texts } from '@/lib/i18n/text';
import { SessionList } from '@/credentials/session-list';
import { ShownSecret } from '@/credentials/shown-secret';
import { TokenList } from '@/credentials/token-list';
import { Question } from '@/ui/question';
import { changeUser, inviteAgain, resetFactors, resetPassword, revokeInvitation, type OneTimePassword, type UserAccount, type UserList } from '../api/users';
import { UserBadge } from './user-badge';
import styles from './users.module.css';

type Task = 'password' | 'factors' | 'deactivate';

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** What an administrator hands over: the link of an invitation, or a one-time password. */
function handedOver(answer: unknown, t: Texts): { text: string; note: string } | null {
  if (typeof answer === 'string') return { text: answer, note: t('identity.user.invited') };
  if (typeof answer !== 'object' || answer === null || !('password' in answer)) return null;
  const { password, expiresAt } = answer as OneTimePassword;
  return { text: password, note: t('identity.user.oneTime', { at: formatDateTime(expiresAt, t.language) }) };
}

function useTasks(user: UserAccount) {
  const api = useApi();
  const t = useTexts();
  const queries = useQueryClient();
  const [secret, setSecret] = useState<ReturnType<typeof handedOver>>(null);
  const work = useMutation({
    mutationFn: async (task: () => Promise<unknown>) => {
      setSecret(handedOver(await task(), t));
    },
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ['administration', 'users'] }), queries.invalidateQueries({ queryKey: ['credentials', user.id] })]),
  });
  return { api, secret, error: work.error, busy: work.isPending, run: (task: () => Promise<unknown>) => work.mutate(task) };
}

interface UserPanelProps {
  user: UserAccount;
  roles: UserList['roles'];
  onClose(): void;
}

/** One account: its rights, how it signs in, and where it is signed in. */
export function UserPanel({ user, roles, onClose }: UserPanelProps) {
  const t = useTexts();
  const { api, secret, error, busy, run } = useTasks(user);
  const preview = useStartPreview();
  const failure = error ?? preview.error;
  const [asked, setAsked] = useState<Task | null>(null);
  const tasks = { password: () => resetPassword(api, user.id), factors: () => resetFactors(api, user.id), deactivate: () => changeUser(api, user.id, { isActive: false }) };
  const confirm = () => {
    if (asked) run(tasks[asked]);
    setAsked(null);
  };
  const mayInstallation = useQuery(myOrganisationsQuery(api)).data?.administersInstallation ?? false;
  const mayBeInvited = !user.isService && !user.hasPassword && user.state !== 'inactive' && user.email;
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={user.displayName} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <div className={styles.panel}>
        <p className={styles.who}>
          <UserBadge state={user.state} /> {user.userName}
          {user.email && user.email.toLowerCase() !== user.userName ? ` · ${user.email}` : ''}
        </p>
        {failure ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {failureText(t, failure)}
          </Alert>
        ) : null}
        {secret ? <ShownSecret {...secret} /> : null}
        <Part title={t('identity.rights')}>
          <MultiSelect
            label={t('identity.roles')}
            searchable
            disabled={busy}
            data={roles.map(({ name, label }) => ({ value: name, label }))}
            value={user.roles}
            onChange={(chosen) => run(() => changeUser(api, user.id, { roles: chosen }))}
          />
          <Checkbox label={t('identity.administrator')} disabled={busy} checked={user.isAdministrator} onChange={() => run(() => changeUser(api, user.id, { isAdministrator: !user.isAdministrator }))} />
          {mayInstallation && !user.isService ? (
            <Checkbox
              label={t('organisation.installation')}
              description={t('organisation.installation.text')}
              disabled={busy}
              checked={user.isInstallationAdministrator}
              onChange={() => run(() => changeUser(api, user.id, user.isInstallationAdministrator ? { isInstallationAdministrator: false } : { isAdministrator: true, isInstallationAdministrator: true }))}
            />
          ) : null}
        </Part>
        <Part title={t('identity.access')}>
          <div className={styles.buttons}>
            {mayBeInvited ? (
              <Button variant="default" disabled={busy} onClick={() => run(() => inviteAgain(api, user.id))}>
                {t('identity.user.inviteAgain')}
              </Button>
            ) : null}
            {user.state === 'invited' ? (
              <Button variant="default" disabled={busy} onClick={() => run(() => revokeInvitation(api, user.id))}>
                {t('identity.user.revokeInvitation')}
              </Button>
            ) : null}
            {user.isAdministrator || user.state === 'inactive' ? null : (
              <Button variant="default" disabled={busy || preview.isPending} onClick={() => preview.mutate({ user: user.id })}>
                {t('preview.asUser')}
              </Button>
            )}
            {user.hasPassword ? (
              <Button variant="default" disabled={busy} onClick={() => setAsked('password')}>
                {t('identity.user.resetPassword')}
              </Button>
            ) : null}
            {user.hasAuthenticator || user.passkeys > 0 ? (
              <Button variant="default" disabled={busy} onClick={() => setAsked('factors')}>
                {t('identity.user.resetFactors')}
              </Button>
            ) : null}
            {user.state === 'inactive' ? (
              <Button variant="default" disabled={busy} onClick={() => run(() => changeUser(api, user.id, { isActive: true }))}>
                {t('identity.user.activate')}
              </Button>
            ) : (
              <Button variant="default" color="red" disabled={busy} onClick={() => setAsked('deactivate')}>
                {t('identity.user.deactivate')}
              </Button>
            )}
          </div>
        </Part>
        {user.isService ? null : (
          <Part title={t('identity.sessions')}>
            <SessionList userId={user.id} />
          </Part>
        )}
        <Part title={t('identity.tokens')}>
          <TokenList userId={user.id} mayAdd={user.isService && user.state === 'active'} />
        </Part>
      </div>
      <Question
        opened={asked !== null}
        title={asked ? t(`identity.ask.${asked}`, { name: user.displayName }) : ''}
        text={asked ? t(`identity.ask.${asked}.text`) : ''}
        onClose={() => setAsked(null)}
        answers={[
          { label: t('common.cancel'), safe: true, onClick: () => setAsked(null) },
          { label: t('identity.continue'), color: 'red', variant: 'filled', onClick: confirm },
        ]}
      />
    </Drawer>
  );
}
